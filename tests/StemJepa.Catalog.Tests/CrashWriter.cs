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

    /// <summary>
    /// <c>FOLDER</c>: commits until it is killed. <c>--shared FOLDER</c>: likewise, and takes turns with others. <c>--full FOLDER</c>:
    /// commits until the disk is full, makes room and commits again. <c>--read FOLDER</c>: only reads.
    /// </summary>
    public static int Main(string[] args)
    {
        var watch = Stopwatch.StartNew();
        switch (args)
        {
            case ["--shared", { } folder]:
                while (watch.Elapsed < LongestRun)
                {
                    using CatalogWriter turn = CatalogWriter.Open(folder, Samples.Model(), patience: LongestRun);
                    Commit(turn, Commits(turn.Catalog));
                }
                return 0;
            case ["--full", { } folder]:
                return FillDisk(folder);
            case ["--read", { } folder]:
                using (StemCatalog catalog = StemCatalog.Open(folder))
                    Console.Out.WriteLine($"{catalog.Count} {catalog.Search(Samples.Embedding(1)).Count} {catalog.Refresh()}");
                return 0;
            case [{ } folder] when !folder.StartsWith('-'):
                using (CatalogWriter writer = CatalogWriter.Open(folder, Samples.Model()))
                {
                    for (int commit = Commits(writer.Catalog); watch.Elapsed < LongestRun; commit++)
                        Commit(writer, commit);
                }
                return 0;
            default:
                return 2;
        }
    }

    private static void Commit(CatalogWriter writer, int commit)
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

    /// <summary>Says how often the disk was full, and returns 0 if nothing that had been acknowledged was lost.</summary>
    private static int FillDisk(string folder)
    {
        string ballast = folder + ".ballast";
        int full = 0;
        for (int room = 400_000; room >= 0; room -= 4096)
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            using CatalogWriter writer = CatalogWriter.Open(folder, Samples.Model());
            Commit(writer, 0);
            LeaveRoom(ballast, room);
            int commit = 1;
            try
            {
                for (; commit < 2 * CompactEvery; commit++)
                    Commit(writer, commit);
            }
            catch (StemJepaException error) when (error.Kind == StemJepaErrorKind.Access && error.Message.EndsWith('.'))
            {
                full++;
                if (Commits(writer.Catalog) != commit)
                    return 3;
            }
            File.Delete(ballast);
            Commit(writer, commit);
            using StemCatalog reader = StemCatalog.Open(folder);
            if (Commits(reader) != commit + 1 || reader.Search(Samples.Embedding(1), 1000).Count == 0)
                return 4;
        }
        Console.Out.WriteLine($"full {full}");
        return 0;
    }

    private static void LeaveRoom(string ballast, int bytes)
    {
        using FileStream file = File.Create(ballast);
        var block = new byte[4096];
        try
        {
            while (new DriveInfo(ballast).AvailableFreeSpace > bytes)
            {
                file.Write(block);
                file.Flush();
            }
        }
        catch (IOException)
        {
        }
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
