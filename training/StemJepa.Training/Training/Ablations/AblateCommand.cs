using System.CommandLine;
using Spectre.Console;
using StemJepa.Training.Corpora;
using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Training;

/// <summary>
/// The <c>ablate</c> command: trains the runs of a plan one after the other and compares them on the validation songs. After an
/// interruption, the next call continues; runs whose figures are in the results file already are not trained again, on whatever machine
/// that was.
/// </summary>
internal static class AblateCommand
{
    public static Command Create()
    {
        var corpus = new Option<string>("--corpus") { Description = "Folder of a corpus; its train split is used.", Required = true };
        Option<string?> cache = CorpusFolder.CacheOption();
        var output = new Option<string>("--out")
        {
            Description = "Folder that gets one run folder for each run of the plan.",
            Required = true,
        };
        var plan = new Option<string>("--plan")
        {
            Description = "JSON file with the settings of each run.",
            DefaultValueFactory = _ => "training/ablations.json",
        };
        var json = new Option<string>("--json")
        {
            Description = "The file of figures, which every finished run is added to.",
            DefaultValueFactory = _ => "training/results/ablations.json",
        };
        Option<string[]> documents = DocumentTable.Option();
        var threads = new Option<int>("--threads") { Description = "Threads; 0 takes every core.", DefaultValueFactory = _ => 0 };
        var command = new Command("ablate", "Train several runs that differ in few settings, and compare them on the validation songs.")
        {
            corpus, cache, output, plan, json, documents, threads,
        };
        command.SetAction(async (parse, cancellation) =>
        {
            IReadOnlyList<AblationRun> runs = AblationPlan.Read(parse.GetRequiredValue(plan));
            string root = parse.GetRequiredValue(output), songs = parse.GetRequiredValue(corpus), file = parse.GetRequiredValue(json);
            string? converted = parse.GetValue(cache);
            string[] texts = parse.GetValue(documents) ?? [];
            DocumentTable.Check(texts, [AblationReport.Mark]);
            AblationReport report = Begun(file, songs, converted, cancellation);
            Provenance here = await Provenance.HereAsync(); // Before the file of figures, which may be under version control, is written.
            foreach (AblationRun run in runs.Where(run => report.Find(run) is null))
            {
                Console.Error.WriteLine($"{run.Name}:");
                var folder = new RunFolder(Path.Combine(root, run.Folder));
                if (!folder.IsFinished)
                    Train(folder, run, songs, converted, parse.GetValue(threads), cancellation);
                report = report.With(AblationReport.ReadRow(run, folder, here), runs);
                AtomicFile.Write(file, report.Write);
            }
            AnsiConsole.Write(report.ToTable());
            DocumentTable.Write(texts, (AblationReport.Mark, report.ToMarkdown()));
            return 0;
        });
        return command;
    }

    /// <summary>Reads the file of figures, which must be of the same corpus; empty if there is none yet.</summary>
    private static AblationReport Begun(string file, string corpus, string? cache, CancellationToken cancellation)
    {
        var (train, validation) = ValidationSplit.Create(CorpusFolder.Songs(corpus, CorpusFolder.Train, cache, cancellation));
        var nothing = new AblationReport(CorpusFolder.Name(corpus), train.Count, validation.Count, []);
        AblationReport begun = AblationReport.Read(file) ?? nothing;
        return (begun.Corpus, begun.TrainingSongs, begun.ValidationSongs) == (nothing.Corpus, nothing.TrainingSongs,
            nothing.ValidationSongs)
            ? begun
            : throw new StemJepaException(
                $"{file}: these figures are of {begun.Corpus}, {begun.TrainingSongs} songs, and not of {nothing.Corpus}, "
                + $"{nothing.TrainingSongs}; choose another --json.");
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
