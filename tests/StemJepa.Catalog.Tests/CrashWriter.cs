using System.Diagnostics;
using System.Globalization;

namespace StemJepa.Catalog.Tests;

/// <summary>
/// A program that changes a catalogue until a test kills it, or for a minute: commit number n is the same in every run, and is told on
/// standard output once it has returned.
/// </summary>
internal static class CrashWriter
{
    public const string Counter = "counter";
    private const int Recordings = 60, CompactEvery = 40;
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(1);

    public static int Main(string[] args)
    {
        if (args is not [string folder] || folder.StartsWith('-'))
            return 2;
        using CatalogWriter writer = CatalogWriter.Open(folder, Samples.Model());
        var watch = Stopwatch.StartNew();
        for (int commit = Commits(writer.Catalog); watch.Elapsed < LongestRun; commit++)
        {
            foreach ((string id, int? seed) in Changes(commit))
            {
                if (seed is { } value)
                    writer.Set(Samples.Entry(id, value), Samples.Embedding(value));
                else
                    writer.Remove(id);
            }
            writer.Set(new CatalogEntry { Id = Counter, Tempo = commit + 1 }, Samples.Embedding(0));
            if (commit % CompactEvery == CompactEvery - 1)
                writer.Compact();
            else
                writer.Commit();
            Console.Out.WriteLine((commit + 1).ToString(CultureInfo.InvariantCulture));
            Console.Out.Flush();
        }
        return 0;
    }

    /// <summary>How many commits made this catalogue.</summary>
    public static int Commits(StemCatalog catalog) => catalog.TryGet(Counter, out CatalogEntry? counter) ? (int)counter.Tempo!.Value : 0;

    /// <summary>What one commit changes: recordings and the seeds of their new content, null where they are removed.</summary>
    public static IEnumerable<(string Id, int? Seed)> Changes(int commit)
    {
        var random = new Random(commit);
        for (int i = random.Next(1, 5); i > 0; i--)
            yield return ($"recording {random.Next(Recordings)}", random.Next(4) == 0 ? null : random.Next());
    }
}
