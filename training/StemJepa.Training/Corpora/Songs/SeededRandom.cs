using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Random number generators that are seeded by a text, with the same sequence on every machine, and extensions that draw from them.
/// </summary>
internal static class SeededRandom
{
    /// <summary>Creates the generator of <paramref name="key"/>, seeded with the first four bytes of the key's SHA-256.</summary>
    public static Random For(FormattableString key) =>
        new(BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant(key)))));

    /// <summary>Returns true with probability <paramref name="probability"/>.</summary>
    public static bool Chance(this Random random, double probability) => random.NextDouble() < probability;

    /// <summary>Draws one of the items uniformly.</summary>
    public static T Pick<T>(this Random random, IReadOnlyList<T> items) => items[random.Next(items.Count)];

    /// <summary>Draws one of the items with a probability proportional to its weight.</summary>
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
