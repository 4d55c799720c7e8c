using System.Diagnostics;
using System.Globalization;

namespace StemJepa.Catalog.Tests;

/// <summary>Kills programs that write a catalogue, and compares it with what they had acknowledged before.</summary>
internal static class CrashRun
{
    private const int LongestRunMilliseconds = 60;

    /// <summary>Lets writers commit to a new catalogue, several at a time, and kills them, again and again.</summary>
    public static async Task KillAsync(string path, int writers, int kills, int seed)
    {
        var random = new Random(seed);
        var expected = new Dictionary<string, int>();
        int commits = 0;
        for (int kill = 0; kill < kills; kill += writers)
        {
            string[] arguments = writers == 1 ? [path] : ["--shared", path];
            int[][] runs = await Task.WhenAll(Enumerable.Range(0, writers)
                .Select(_ => RunAndKill(arguments, TimeSpan.FromMilliseconds(random.NextDouble() * LongestRunMilliseconds * writers))));
            int[] acknowledged = [.. runs.SelectMany(run => run)];
            Assert.True(acknowledged.Length == acknowledged.Distinct().Count(), $"seed {seed}, kill {kill}: one commit was told twice");
            using StemCatalog catalog = StemCatalog.Open(path);
            int reached = CrashWriter.Commits(catalog);
            Assert.True(reached >= acknowledged.Max() && reached <= acknowledged.Max() + writers,
                $"seed {seed}, kill {kill}: {reached} commits are there, {acknowledged.Max()} were acknowledged");
            for (; commits < reached; commits++)
            {
                foreach ((string id, int? value) in CrashWriter.Changes(commits))
                {
                    if (value is { } content)
                        expected[id] = content;
                    else
                        expected.Remove(id);
                }
            }
            Check(catalog, expected);
        }
    }

    /// <summary>Returns the commits that were acknowledged.</summary>
    private static async Task<int[]> RunAndKill(string[] arguments, TimeSpan afterFirstCommit)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CrashWriter).Assembly.Location, .. arguments]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        List<int> commits = [int.Parse(await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("the writer ended before it wrote"), CultureInfo.InvariantCulture)];
        await Task.Delay(afterFirstCommit);
        process.Kill();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            commits.Add(int.Parse(line, CultureInfo.InvariantCulture));
        await process.WaitForExitAsync();
        return [.. commits];
    }

    private static void Check(StemCatalog catalog, Dictionary<string, int> expected)
    {
        Assert.Equal(expected.Select(pair => Samples.Describe(Samples.Entry(pair.Key, pair.Value))).Order(),
            catalog.Entries().Where(entry => entry.Id != CrashWriter.Counter).Select(Samples.Describe).Order());
        IReadOnlyList<CatalogMatch> found = catalog.Search(Samples.Embedding(-1), 1000, new CatalogFilter { IncludeSilent = true });
        Assert.All(found.Where(match => match.Entry.Id != CrashWriter.Counter), match =>
            Assert.Equal(Samples.Affinity(Samples.Embedding(-1), Samples.Embedding(expected[match.Entry.Id])), match.Affinity, 1e-5));
        Assert.Equal(expected.Count + 1, found.Count);
    }
}
