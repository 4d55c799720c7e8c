namespace StemJepa.Training.Corpora;

/// <summary>
/// Finds songs that quote each other, whatever their key, tempo and instruments: the runs of eight melodic intervals that a song's parts
/// hold are its fingerprint, and two songs share material when much of the smaller fingerprint is in the larger. Thread-safe.
/// </summary>
public static class SharedMaterial
{
    /// <summary>Two songs share material from this fraction of the smaller fingerprint on.</summary>
    public const double LeastOverlap = 0.1;

    private const int Intervals = 8, DistinctIntervals = 3, LeastCommon = 6;

    /// <summary>Groups the songs, so that songs that share material, directly or through others, are in one group; groups and songs in the order given.</summary>
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

    /// <summary>The fraction of the smaller fingerprint that the two songs have in common, 0..1.</summary>
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
