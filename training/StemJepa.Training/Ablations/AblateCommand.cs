using System.CommandLine;
using Spectre.Console;
using StemJepa.Training.Corpus;
using StemJepa.Training.Evaluation;
using StemJepa.Training.Training;

namespace StemJepa.Training.Ablations;

/// <summary>
/// The <c>ablate</c> command: trains the runs of a plan one after the other and compares them on the validation songs. Stopped at any moment, it goes on
/// where it was when called again; finished runs are not trained again.
/// </summary>
internal static class AblateCommand
{
    public static Command Create()
    {
        var corpus = new Option<string>("--corpus") { Description = "Folder of a corpus; its train split is used.", Required = true };
        Option<string?> cache = CorpusFolder.CacheOption();
        var output = new Option<string>("--out") { Description = "Folder that gets one run folder for each run of the plan.", Required = true };
        var plan = new Option<string>("--plan") { Description = "JSON file with the settings of each run.", DefaultValueFactory = _ => "training/ablations.json" };
        var json = new Option<string?>("--json") { Description = "Write the figures of the finished runs to this file; - is standard output." };
        var threads = new Option<int>("--threads") { Description = "Threads; 0 takes every core.", DefaultValueFactory = _ => 0 };
        var reportOnly = new Option<bool>("--report-only") { Description = "Train nothing; report the runs that are finished." };
        var command = new Command("ablate", "Train several runs that differ in few settings, and compare them on the validation songs.") { corpus, cache, output, plan, json, threads, reportOnly };
        command.SetAction(async (parse, cancellation) =>
        {
            IReadOnlyList<AblationRun> runs = AblationPlan.Read(parse.GetRequiredValue(plan));
            string root = parse.GetRequiredValue(output), songs = parse.GetRequiredValue(corpus);
            RunFolder FolderOf(AblationRun run) => new(Path.Combine(root, run.Folder));
            foreach (AblationRun run in runs.Where(run => !parse.GetValue(reportOnly) && !FolderOf(run).IsFinished))
            {
                Console.Error.WriteLine($"{run.Name}:");
                Train(FolderOf(run), run, songs, parse.GetValue(cache), parse.GetValue(threads), cancellation);
            }
            AblationReport.Row[] finished = [.. runs.Select(run => AblationReport.Of(run, FolderOf(run))).OfType<AblationReport.Row>()];
            if (finished.Length == 0)
                throw new StemJepaException($"{root}: none of the plan's runs is finished; train them without --report-only.");
            int validationSongs = ValidationSplit.Of(CorpusFolder.Songs(songs, CorpusFolder.Train, parse.GetValue(cache), cancellation)).Validation.Count;
            var report = new AblationReport(CorpusFolder.Name(songs), validationSongs, finished, await Provenance.HereAsync());
            if (!await ReportFiles.WriteAsync(parse.GetValue(json), plot: null, report.Write, () => []))
                AnsiConsole.Write(report.ToTable());
            return 0;
        });
        return command;
    }

    private static void Train(RunFolder folder, AblationRun run, string corpus, string? cache, int threads, CancellationToken cancellation)
    {
        bool resume = folder.HasCheckpoint;
        if (resume && !folder.IsOf(run.Settings))
            throw new StemJepaException($"{folder.Path}: a run with other settings is there; choose another --out.");
        folder.WriteSettings(run.Settings);
        TrainCommand.Train(folder, run.Settings, corpus, cache, resume, threads, TrainCommand.DefaultCheckpointInterval, cancellation);
    }
}
