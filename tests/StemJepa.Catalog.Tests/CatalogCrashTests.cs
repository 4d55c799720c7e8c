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

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Killing_writers_at_any_moment_loses_nothing_that_was_acknowledged(int writers)
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("catalogue");
        int kills = int.TryParse(Environment.GetEnvironmentVariable(KillsVariable), CultureInfo.InvariantCulture, out int wanted) ? wanted
            : FewKills;
        var random = new Random();
        var expected = new Dictionary<string, int>();
        int commits = 0;
        for (int kill = 0; kill < kills; kill += writers)
        {
            string[] arguments = writers == 1 ? [path] : ["--shared", path];
            int[][] runs = await Task.WhenAll(Enumerable.Range(0, writers)
                .Select(_ => RunAndKill(arguments, TimeSpan.FromMilliseconds(random.NextDouble() * LongestRunMilliseconds * writers))));
            int[] acknowledged = [.. runs.SelectMany(run => run)];
            Assert.Equal(acknowledged.Length, acknowledged.Distinct().Count());
            using StemCatalog catalog = StemCatalog.Open(path);
            int reached = CrashWriter.Commits(catalog);
            Assert.InRange(reached, acknowledged.Max(), acknowledged.Max() + writers);
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

    /// <summary>In a small file system of its own, where the system lets one make one.</summary>
    [Fact]
    public async Task A_full_disk_is_an_error_and_loses_nothing_that_was_acknowledged()
    {
        using var folder = new TemporaryFolder();
        string disk = folder.PathOf("disk");
        Directory.CreateDirectory(disk);
        if (!OperatingSystem.IsLinux() || (await Run("unshare", "-rm", "mount", "-t", "tmpfs", "none", disk)).Code != 0)
            return;
        (int code, string output) = await Run("unshare", "-rm", "sh", "-c",
            "mount -t tmpfs -o size=2m none \"$0\" && exec dotnet \"$1\" --full \"$0/c\"", disk,
            typeof(CrashWriter).Assembly.Location);
        Assert.True(code == 0, output);
        string[] words = output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        Assert.True(words[^2] == "full" && int.Parse(words[^1], CultureInfo.InvariantCulture) > 10, output);
    }

    [Fact]
    public async Task A_catalogue_on_a_read_only_file_system_can_be_read()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("catalogue");
        using (CatalogWriter writer = CatalogWriter.Open(path, Samples.Model()))
        {
            for (int i = 0; i < 5; i++)
                writer.Set(new CatalogEntry { Id = $"{i}" }, Samples.Embedding(i));
            writer.Commit();
        }
        if (!OperatingSystem.IsLinux() || (await Run("unshare", "-rm", "mount", "--bind", path, path)).Code != 0)
            return;
        (int code, string output) = await Run("unshare", "-rm", "sh", "-c",
            "mount --bind \"$0\" \"$0\" && mount -o remount,ro,bind \"$0\" && ! touch \"$0/x\" 2>/dev/null "
            + "&& exec dotnet \"$1\" --read \"$0\"",
            path, typeof(CrashWriter).Assembly.Location);
        Assert.Equal((0, "5 5 False\n"), (code, output));
    }

    private static async Task<(int Code, string Output)> Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, await errors + output);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, "");
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
