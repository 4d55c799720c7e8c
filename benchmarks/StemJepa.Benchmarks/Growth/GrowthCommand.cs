using System.CommandLine;
using StemJepa.Training.Evaluation;

namespace StemJepa.Benchmarks.Growth;

/// <summary>The command <c>growth</c>: time and memory against the length of a recording and the number of candidates.</summary>
internal static class GrowthCommand
{
    private const double SecondsOfHour = 3600;
    private const int Million = 1_000_000;

    public static Command Create()
    {
        Option<string> file = MeasurementOptions.Json("growth.json");
        Option<string[]> documents = DocumentTable.Option();
        Option<int> rounds = MeasurementOptions.Rounds(3);
        var plot = new Option<string>("--plot") { Description = "Picture to draw from the results file.", DefaultValueFactory = _ => "benchmarks/results/growth.png" };
        var longest = new Option<double>("--longest") { Description = "The longest recording, in seconds; 36000 adds one of ten hours.", DefaultValueFactory = _ => SecondsOfHour };
        longest.Require(value => value >= 60, "--longest is a number of seconds from 60 on, such as 3600.");
        var most = new Option<int>("--candidates") { Description = "The most candidates; a million take 6 GB.", DefaultValueFactory = _ => Million };
        most.Require(value => value is >= 100 and <= Million, $"--candidates is a number from 100 to {Million}.");
        var command = new Command("growth", "How time and memory grow with the work.") { file, documents, rounds, plot, longest, most };
        command.SetAction(async (parsed, cancel) =>
        {
            string path = parsed.GetRequiredValue(file);
            IReadOnlyList<GrowthPoint> audio = await AudioGrowth.MeasureAsync(parsed.GetValue(longest), parsed.GetValue(rounds), cancel);
            IReadOnlyList<GrowthPoint> candidates = CandidateGrowth.Measure(parsed.GetValue(most), parsed.GetValue(rounds), cancel);
            ResultsJson.Write(path, new GrowthReport(
                GrowthCurve.Of("hour", SecondsOfHour, audio), GrowthCurve.Of("million candidates", Million, candidates), await Provenance.HereAsync()));
            GrowthReport report = ResultsJson.Read<GrowthReport>(path);
            AtomicFile.Write(parsed.GetRequiredValue(plot), stream => stream.Write(GrowthPlot.Render(report)));
            Console.WriteLine(report.ToMarkdown());
            DocumentTable.Write(parsed.GetRequiredValue(documents), ("growth.json", report.ToMarkdown()));
            return 0;
        });
        return command;
    }
}
