using System.CommandLine;
using StemJepa.Catalog.Tests;
using StemJepa.Reporting;

namespace StemJepa.Campaign.Tests;

/// <summary>The campaign as a command, which keeps its counts; and the program that it kills.</summary>
internal static class CampaignProgram
{
    public static async Task<int> Main(string[] args)
    {
        if (args is ["--shared", _] || (args is [{ } folder] && !folder.StartsWith('-')))
            return CrashWriter.Main(args);
        var cases = new Option<long>("--cases") { Description = "Damaged inputs.", DefaultValueFactory = _ => 1_000_000 };
        var seed = new Option<int>("--seed") { Description = "Of all random choices.", DefaultValueFactory = _ => Environment.TickCount };
        var json = new Option<string>("--json")
        {
            Description = "Results file.",
            DefaultValueFactory = _ => "benchmarks/results/campaign.json",
        };
        var report = new Option<bool>("--report") { Description = "Write tables from the results file; attack nothing." };
        var only = new Option<string?>("--only") { Description = "Only parsers whose name begins so; keeps no counts." };
        Option<string[]> documents = DocumentTable.Option();
        var command = new RootCommand("Attacks every parser, the catalogue's writers and the model's callers.")
        {
            cases, seed, only, json, report, documents,
        };
        command.SetAction(async (parsed, _) =>
        {
            string file = parsed.GetRequiredValue(json), mark = Path.GetFileName(file);
            if (parsed.GetValue(only) is { } name)
            {
                using var temporary = new TestSupport.TemporaryFolder();
                return Campaign.Damage(parsed.GetValue(seed), parsed.GetValue(cases), temporary, Console.Out.WriteLine, name)
                    .Failures.Count;
            }
            DocumentTable.Check(parsed.GetRequiredValue(documents), mark);
            if (!parsed.GetValue(report))
                (await Campaign.RunAsync(parsed.GetValue(seed), parsed.GetValue(cases), Console.Out.WriteLine)).Save(file);
            CampaignReport results = CampaignReport.Load(file);
            Console.WriteLine(results.ToMarkdown());
            DocumentTable.Write(parsed.GetRequiredValue(documents), (mark, results.ToMarkdown()));
            return results.Faults.Count == 0 ? 0 : 1;
        });
        return await command.Parse(args).InvokeAsync();
    }
}
