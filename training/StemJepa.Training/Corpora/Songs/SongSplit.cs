using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Splits songs into training and test songs. Test songs are those of simutrans-data numbered 43 to 53, and one in eight of the others, by
/// a hash of the name. Songs that share material form a group, which is never split: it is tested if one of its songs is numbered 43 to 53,
/// else by the hash of the first of its names in ordinal order. Thread-safe.
/// </summary>
internal static class SongSplit
{
    /// <summary>Names of the splits, and of their folders in a corpus.</summary>
    public const string Train = "train", Validation = "validation", Test = "test";

    private const int HashByte = 16, OneIn = 8, FirstTestNumber = 43, LastTestNumber = 53;
    private const string Simutrans = "simutrans_";

    /// <summary>Pairs that share material (a riff of power chords) which <see cref="SharedMaterial"/> does not detect.</summary>
    public static readonly IReadOnlyList<(string First, string Second)> KnownPairs = [("freedm_D_BETWEE", "freedoom1_D_INTROA")];

    /// <summary>Returns the names of the test songs.</summary>
    public static IReadOnlySet<string> TestSongs(IReadOnlyList<MidiSong> songs)
    {
        List<List<string>> groups = [.. SharedMaterial.Group(songs).Select(g => g.Select(s => s.Name).ToList())];
        foreach ((string first, string second) in KnownPairs)
        {
            List<string>? a = groups.Find(g => g.Contains(first)), b = groups.Find(g => g.Contains(second));
            if (a is null || b is null || a == b) continue;
            a.AddRange(b);
            groups.Remove(b);
        }
        return groups.Where(g => g.Any(IsNumberedTest) || IsHashedTest(g.Min(StringComparer.Ordinal)!)).SelectMany(g => g).ToHashSet();
    }

    /// <summary>True for the songs of simutrans-data numbered 43 to 53.</summary>
    public static bool IsNumberedTest(string name) =>
        name.StartsWith(Simutrans, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(Simutrans.Length, Math.Min(2, name.Length - Simutrans.Length)), NumberStyles.None,
            CultureInfo.InvariantCulture, out int number)
        && number is >= FirstTestNumber and <= LastTestNumber;

    /// <summary>True for one name in eight: byte 16 of the SHA-256 of its UTF-8 bytes is divisible by 8.</summary>
    public static bool IsHashedTest(string name) => SHA256.HashData(Encoding.UTF8.GetBytes(name))[HashByte] % OneIn == 0;
}

/// <summary>
/// Finds songs that quote each other, independently of key, tempo and instruments. The fingerprint of a song is the set of runs of eight
/// melodic intervals in its parts; two songs share material if enough of the smaller fingerprint is in the larger one. Thread-safe.
/// </summary>
internal static class SharedMaterial
{
    /// <summary>Smallest common fraction of the smaller fingerprint at which two songs share material.</summary>
    public const double LeastOverlap = 0.1;

    private const int Intervals = 8, DistinctIntervals = 3, LeastCommon = 6;

    /// <summary>Groups songs that share material, directly or through others. Groups and songs keep the given order.</summary>
    public static IReadOnlyList<IReadOnlyList<MidiSong>> Group(IReadOnlyList<MidiSong> songs)
    {
        HashSet<ulong>[] prints = [.. songs.Select(Fingerprint)];
        int[] group = [.. Enumerable.Range(0, songs.Count)];
        for (int i = 0; i < songs.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (group[i] == group[j] || !Share(prints[i], prints[j])) continue;
                (int from, int to) = (Math.Max(group[i], group[j]), Math.Min(group[i], group[j]));
                for (int k = 0; k <= i; k++)
                    if (group[k] == from) group[k] = to;
            }
        }
        return [.. songs.Index().GroupBy(s => group[s.Index]).Select(g => g.Select(s => s.Item).ToList())];
    }

    /// <summary>Computes the common fraction of the smaller fingerprint of two songs, 0..1.</summary>
    public static double Overlap(MidiSong a, MidiSong b)
    {
        HashSet<ulong> x = Fingerprint(a), y = Fingerprint(b);
        return x.Count == 0 || y.Count == 0 ? 0 : (double)Common(x, y) / Math.Min(x.Count, y.Count);
    }

    private static bool Share(HashSet<ulong> a, HashSet<ulong> b)
    {
        int common = Common(a, b);
        return common >= LeastCommon && common >= LeastOverlap * Math.Min(a.Count, b.Count);
    }

    private static int Common(HashSet<ulong> a, HashSet<ulong> b)
    {
        if (a.Count > b.Count) (a, b) = (b, a);
        return a.Count(b.Contains);
    }

    private static HashSet<ulong> Fingerprint(MidiSong song)
    {
        var print = new HashSet<ulong>();
        foreach (Part part in song.Parts.Where(p => !p.IsDrums))
        {
            int[] pitches = [.. part.Notes.GroupBy(n => n.Start).Select(onset => onset.Max(n => n.Pitch))];
            for (int i = 0; i + Intervals < pitches.Length; i++)
            {
                ulong hash = 0;
                var distinct = new HashSet<int>();
                for (int k = i; k < i + Intervals; k++)
                {
                    int interval = pitches[k + 1] - pitches[k];
                    distinct.Add(interval);
                    hash = (hash << 8) | (byte)interval;
                }
                if (distinct.Count > DistinctIntervals) print.Add(hash);
            }
        }
        return print;
    }
}
