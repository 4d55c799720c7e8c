using System.CommandLine;
using StemJepa.Training.Evaluation;

namespace StemJepa.Benchmarks.TrainingSpeed;

/// <summary>The command <c>training</c>: how fast the networks train, how near to the processor's matrix rate, and where the time goes.</summary>
internal static class TrainingSpeedCommand
{
    public static Command Create()
    {
        Option<string> file = MeasurementOptions.Json("training.json");
        Option<string[]> documents = DocumentTable.Option();
        Option<int> rounds = MeasurementOptions.Rounds(5);
        var command = new Command("training", "Clips a second that training gets through, against the processor's matrix rate, and where the time goes.") { file, documents, rounds };
        command.SetAction(async (parsed, cancellation) =>
        {
            string results = parsed.GetRequiredValue(file), mark = Path.GetFileName(results);
            DocumentTable.Check(parsed.GetRequiredValue(documents), mark);
            using var bench = new TrainingBench();
            for (int round = 0; round < parsed.GetValue(rounds); round++)
            {
                cancellation.ThrowIfCancellationRequested();
                bench.Round();
            }
            TrainingReport report = bench.Report(await Provenance.HereAsync());
            Console.WriteLine(report.ToMarkdown());
            ResultsJson.Write(results, report);
            DocumentTable.Write(parsed.GetRequiredValue(documents), (mark, report.ToMarkdown()));
            return 0;
        });
        return command;
    }
}
