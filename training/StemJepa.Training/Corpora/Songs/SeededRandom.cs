using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace StemJepa.Training.Corpora;

/// <summary>Random sources that are functions of a text, the same on every machine, and what is drawn from them.</summary>
internal static class SeededRandom
{
    /// <summary>The source of <paramref name="key"/>: it is seeded with the first four bytes of the key's SHA-256.</summary>
    public static Random For(FormattableString key) =>
        new(BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant(key)))));

    /// <summary>True with probability <paramref name="probability"/>.</summary>
    public static bool Chance(this Random random, double probability) => random.NextDouble() < probability;

    /// <summary>One of the items.</summary>
    public static T Pick<T>(this Random random, IReadOnlyList<T> items) => items[random.Next(items.Count)];

    /// <summary>One of the items, as often as its weight says.</summary>
    public static T Pick<T>(this Random random, IReadOnlyList<(T Item, double Weight)> items)
    {
        double at = random.NextDouble() * items.Sum(i => i.Weight);
        foreach ((T item, double weight) in items)
        {
            at -= weight;
            if (at < 0) return item;
        }
        return items[^1].Item;
    }
}
