using System.CommandLine;
using Spectre.Console;
using StemJepa.Training.Corpora;
using static System.FormattableString;

namespace StemJepa.Training.Evaluation;

/// <summary>The command <c>evaluate alignment</c>.</summary>
internal static class AlignmentCommand
{
    /// <summary>Marks the table in documents, of whole songs or of so many seconds.</summary>
    public static string MarkOf(double? seconds) => seconds is { } known ? Invariant($"alignment-{known}s.json") : "alignment.json";

    private sealed record Options(string Corpus, string? Cache, string? Model, string? Json, string[] Documents, int Songs,
        ShiftSettings Settings);

    public static Command Create()
    {
        var usual = new ShiftSettings();
        Option<string> corpus = EvaluationOptions.Corpus();
        Option<string?> cache = CorpusFolder.CacheOption();
        Option<string?> model = EvaluationOptions.Model();
        Option<string?> json = EvaluationOptions.Json();
        Option<string[]> documents = DocumentTable.Option();
        Option<int> songs = EvaluationOptions.Songs();
        var seconds = new Option<double>("--seconds")
        {
            Description = $"Only so many seconds of mix and stem, from {usual.Shortest} on.",
            DefaultValueFactory = _ => usual.Seconds,
        };
        var seed = new Option<int>("--seed") { Description = "Seed of excerpts and shifts.", DefaultValueFactory = _ => usual.Seed };
        seconds.Require(value => value >= usual.Shortest, $"--seconds is a number from {usual.Shortest} on, such as 32.");
        var command =
            new Command("alignment", $"How often a stem that is shifted by up to {usual.Farthest} s is put back where it belongs.")
        {
            corpus, cache, model, json, documents, songs, seconds, seed,
        };
        command.SetAction(async (parse, cancellation) =>
        {
            await RunAsync(new Options(parse.GetRequiredValue(corpus), parse.GetValue(cache), parse.GetValue(model), parse.GetValue(json),
                parse.GetRequiredValue(documents),
                parse.GetValue(songs), usual with { Seconds = parse.GetValue(seconds), Seed = parse.GetValue(seed) }), cancellation);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(Options options, CancellationToken cancellation)
    {
        double? seconds = double.IsFinite(options.Settings.Seconds) ? options.Settings.Seconds : null;
        DocumentTable.Check(options.Documents, MarkOf(seconds));
        using StemAffinity model = EvaluationOptions.LoadModel(options.Model);
        using var queries = new ShiftQueries(
            [.. CorpusFolder.Songs(options.Corpus, CorpusFolder.Test, options.Cache, cancellation).Take(options.Songs)], options.Settings);
        var evaluation = new ShiftEvaluation(model, options.Settings.Farthest);
        IReadOnlyDictionary<string, ShiftResult>? results = await EvaluationOptions.RunWithProgressAsync(model.Model.Name, progress =>
        {
            evaluation.Run(queries, progress, cancellation);
            return evaluation.Results;
        }, cancellation);
        var report = new AlignmentReport
        {
            Corpus = CorpusFolder.Name(options.Corpus),
            ModelName = model.Model.Name,
            WindowSeconds = seconds,
            FarthestShiftSeconds = options.Settings.Farthest,
            Seed = options.Settings.Seed,
            Skipped = evaluation.Skipped,
            Methods = results ?? throw new StemJepaException(
                $"{options.Corpus}: no test song has {options.Settings.Shortest} s and a shift in which a stem and others play; name a "
                    + $"corpus with longer songs of several stems."),
            NearMethods = evaluation.NearResults!,
            Measured = await Provenance.HereAsync(),
        };
        DocumentTable.Write(options.Documents, (MarkOf(seconds), report.ToMarkdown()));
        if (!await ReportFiles.WriteAsync(options.Json, null, report.Write, () => []))
            Console.Write(report.ToMarkdown());
    }
}
