using System.Diagnostics;
using StemJepa.Catalog.Tests;
using StemJepa.Reporting;
using StemJepa.TestSupport;

namespace StemJepa.Campaign.Tests;

/// <summary>All attacks, of a size that the number of damaged inputs decides: the same seed makes the same ones.</summary>
internal static class Campaign
{
    private const int MostFailures = 20;

    /// <summary>Runs all attacks.</summary>
    /// <param name="seed">Of all random choices.</param>
    /// <param name="cases">Damaged inputs.</param>
    /// <param name="log">Takes a line for each parser and each other attack.</param>
    internal static async Task<CampaignReport> RunAsync(int seed, long cases, Action<string> log)
    {
        using var folder = new TemporaryFolder();
        var watch = Stopwatch.StartNew();
        log($"seed {seed}, {cases} cases");
        Provenance here = await Provenance.HereAsync();
        (TargetCounts[] parsers, List<string> failures) = Damage(seed, cases, folder, log);
        int rounds = Rounds(cases, 10_000), kills = 2 * Rounds(cases, 10_000), names = Rounds(cases, 50_000);
        CallCounts calls = await RandomCancels.RunAsync(seed, rounds);
        log($"{rounds} rounds of 64 callers: {calls}");
        await HostileNames.RunAsync(seed, names, folder.PathOf("names"));
        log($"{names} rounds of hostile names");
        await CrashRun.KillAsync(folder.PathOf("one writer"), 1, kills / 2, seed);
        await CrashRun.KillAsync(folder.PathOf("three writers"), 3, kills / 2, seed);
        log($"{kills} kills");
        return new CampaignReport(seed, parsers, calls, names, kills, Math.Round(watch.Elapsed.TotalSeconds), failures, here.Date,
            here.Machine, here.Commit);
    }

    /// <summary>The parsers alone, or those whose name begins with a text.</summary>
    internal static (TargetCounts[] Parsers, List<string> Failures) Damage(int seed, long cases, TemporaryFolder folder,
        Action<string> log, string only = "")
    {
        Target[] targets =
        [
            .. AudioTargets.Create(folder.PathOf("audio")), .. ModelTargets.Create(folder.PathOf("models")), .. CorpusTargets.Create(),
            .. CatalogTargets.Create(folder.PathOf("catalog")),
        ];
        targets = [.. targets.Where(target => target.Seeds.Length > 0)];
        double shares = targets.Sum(target => target.Share);
        targets = [.. targets.Where(target => target.Name.StartsWith(only, StringComparison.OrdinalIgnoreCase))];
        var failures = new List<string>();
        var counts = new TargetCounts[targets.Length];
        Parallel.For(0, targets.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            long count = Math.Max(1, (long)Math.Round(cases * targets[i].Share / shares));
            counts[i] = targets[i].Run(seed, count, folder.PathOf($"{i}"), log, failure =>
            {
                lock (failures)
                {
                    if (failures.Count < MostFailures)
                        failures.Add(Describe(failure, log));
                }
            });
            lock (failures)
                log($"{counts[i]}");
        });
        return (counts, failures);
    }

    private static int Rounds(long cases, long casesPerRound) => (int)Math.Max(1, cases / casesPerRound);

    /// <summary>Keeps the input, so that the case can be looked at.</summary>
    private static string Describe(CaseFailure failure, Action<string> log)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("stemjepa-case-").FullName, $"{failure.Case}.bin");
        File.WriteAllBytes(path, failure.Input);
        string text = $"{failure.Target}, seed {failure.Seed}, case {failure.Case} ({path}): {failure.Fault}";
        log(text);
        return text;
    }
}
