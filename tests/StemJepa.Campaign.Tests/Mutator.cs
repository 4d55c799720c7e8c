using System.Buffers.Binary;
using System.Text;

namespace StemJepa.Campaign.Tests;

/// <summary>Damages valid inputs: the same seed gives the same damage.</summary>
internal sealed class Mutator(Random random)
{
    private const int MostChanges = 6, MostInserted = 64, Beginning = 128;

    private static readonly long[] Numbers =
    [
        0, 1, -1, 2, 7, 8, 15, 16, 127, 128, 255, 256, 32767, 32768, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 40,
        long.MaxValue, long.MinValue,
    ];

    private static readonly byte[][] Words = [.. new[]
    {
        "null", "true", "[]", "{}", "-1", "0", "1e999", "-1e999", "NaN", "9223372036854775808", "0.1", "\"\"", "\"\\u0000\"", "\"\\ud800\"",
        "\"../../x\"", "\n", "...\n", "---\n", "&a *a", "!!binary x", "<<: *a", "#", "'", "\"", "\\", "/", ",", ":", "[[[[[[[[", "{{{{{{{{",
        "]", "}", "\0", "\uFEFF", "\u202E", "é", "🎵", "%00", "\u001b[31m", "{\"a\":{\"a\":{\"a\":", "1/0", "redis://", "?shards=-1",
        "@", "♭",
    }.Select(Encoding.UTF8.GetBytes)];

    /// <summary>One of the seeds with one to six changes, rarely none.</summary>
    internal byte[] Damage(byte[][] seeds)
    {
        List<byte> bytes = [.. seeds[random.Next(seeds.Length)]];
        for (int change = random.Next(MostChanges + 1); change > 0; change--)
            Change(bytes, seeds);
        return [.. bytes];
    }

    private void Change(List<byte> bytes, byte[][] seeds)
    {
        int at = Place(bytes.Count);
        switch (random.Next(12))
        {
            case 0 or 1 when bytes.Count > 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2 when bytes.Count > 0:
                bytes[at] = (byte)random.Next(256);
                break;
            case 3 or 4:
                WriteNumber(bytes, at);
                break;
            case 5:
                bytes.RemoveRange(at, Math.Min(bytes.Count - at, Length(bytes.Count)));
                break;
            case 6:
                bytes.InsertRange(at, [.. bytes.Skip(Place(bytes.Count)).Take(Length(bytes.Count))]);
                break;
            case 7:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 8:
                byte[] other = seeds[random.Next(seeds.Length)];
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(other.Skip(Place(other.Length)));
                break;
            case 9:
                var noise = new byte[random.Next(MostInserted)];
                random.NextBytes(noise);
                bytes.InsertRange(at, noise);
                break;
            default:
                bytes.InsertRange(at, Words[random.Next(Words.Length)]);
                break;
        }
    }

    /// <summary>Half of the places lie at the beginning, where formats have their headers.</summary>
    private int Place(int count) => random.Next((random.Next(2) == 0 ? Math.Min(count, Beginning) : count) + (count == 0 ? 1 : 0));

    private int Length(int count) => random.Next(4) == 0 ? random.Next(count + 1) : random.Next(Math.Min(count, 16) + 1);

    private void WriteNumber(List<byte> bytes, int at)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        long value = random.Next(4) == 0 ? bytes.Count + random.Next(-2, 3) : Numbers[random.Next(Numbers.Length)];
        int size = 1 << random.Next(4);
        BinaryPrimitives.WriteInt64LittleEndian(number, value);
        number = number[..size];
        if (random.Next(2) == 0)
            number.Reverse();
        for (int i = 0; i < size && at + i < bytes.Count; i++)
            bytes[at + i] = number[i];
    }
}
