using System.Diagnostics;
using System.Globalization;
using StemJepa.TestSupport;

namespace StemJepa.Catalog.Tests;

/// <summary>
/// Oracle: what was acknowledged before the kill. Set STEMJEPA_CRASH_KILLS to kill more often than the few times of an ordinary run.
/// </summary>
public sealed class CatalogCrashTests
{
    private const string KillsVariable = "STEMJEPA_CRASH_KILLS";
    private const int FewKills = 30, LongestRunMilliseconds = 60;

    [Fact]
    public async Task Killing_a_writer_at_any_moment_loses_nothing_that_was_acknowledged()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("catalogue");
        int kills = int.TryParse(Environment.GetEnvironmentVariable(KillsVariable), CultureInfo.InvariantCulture, out int wanted) ? wanted
            : FewKills;
        var random = new Random();
        var expected = new Dictionary<string, int>();
        int commits = 0;
        for (int kill = 0; kill < kills; kill++)
        {
            int acknowledged = await RunAndKill(path, TimeSpan.FromMilliseconds(random.NextDouble() * LongestRunMilliseconds));
            using StemCatalog catalog = StemCatalog.Open(path);
            int reached = CrashWriter.Commits(catalog);
            Assert.InRange(reached, acknowledged, acknowledged + 1);
            for (; commits < reached; commits++)
            {
                foreach ((string id, int? seed) in CrashWriter.Changes(commits))
                {
                    if (seed is { } value)
                        expected[id] = value;
                    else
                        expected.Remove(id);
                }
            }
            Check(catalog, expected);
        }
    }

    /// <summary>Returns the last commit that was acknowledged.</summary>
    private static async Task<int> RunAndKill(string path, TimeSpan afterFirstCommit)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CrashWriter).Assembly.Location, path]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        int last = int.Parse(await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("the writer ended before it wrote"), CultureInfo.InvariantCulture);
        await Task.Delay(afterFirstCommit);
        process.Kill();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            last = int.Parse(line, CultureInfo.InvariantCulture);
        await process.WaitForExitAsync();
        return last;
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
