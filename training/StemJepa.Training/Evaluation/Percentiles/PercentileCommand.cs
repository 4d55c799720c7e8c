using System.CommandLine;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>The command <c>evaluate percentile</c>: whether "fits better than 97 % of basses" means what it says.</summary>
internal static class PercentileCommand
{
    /// <summary>Marks the table in documents.</summary>
    public const string Mark = "percentile.json";

    private const double DefaultSeconds = 32;

    public static Command Create()
    {
        Option<string> corpus = EvaluationOptions.Corpus();
        Option<string?> cache = CorpusFolder.CacheOption();
        Option<string?> model = EvaluationOptions.Model();
        Option<string?> json = EvaluationOptions.Json();
        Option<string[]> documents = DocumentTable.Option();
        Option<int> songs = EvaluationOptions.Songs();
        var seconds = new Option<double>("--seconds")
        {
            Description = "Only the first so many seconds of each song.",
            DefaultValueFactory = _ => DefaultSeconds,
        };
        seconds.Require(value => value > 0, "--seconds is a number above 0, such as 32.");
        var command = new Command("percentile",
            "Whether percentiles of the model's background are calibrated: uniform for stems of other songs, high for the true ones.")
        {
            corpus, cache, model, json, documents, songs, seconds,
        };
        command.SetAction(async (parse, cancellation) =>
        {
            string[] texts = parse.GetRequiredValue(documents);
            DocumentTable.Check(texts, Mark);
            string folder = parse.GetRequiredValue(corpus);
            string? modelFolder = parse.GetValue(model);
            using StemAffinity affinity = EvaluationOptions.LoadModel(modelFolder);
            AffinityBackground background = AffinityBackground.TryLoad(affinity.Model, modelFolder) ?? throw new StemJepaException(
                $"The model {affinity.Model.Name} has no {BackgroundFile.Name}: write it with the command background of "
                + "StemJepa.Export.");
            CorpusSong[] tested = [.. CorpusFolder.Songs(folder, CorpusFolder.Test, parse.GetValue(cache), cancellation)
                .Take(parse.GetValue(songs))];
            PercentileEvaluation evaluation = await EvaluationOptions.RunWithProgressAsync(affinity.Model.Name, progress =>
                PercentileEvaluation.Run(affinity, background, tested, parse.GetValue(seconds), progress, cancellation), cancellation);
            var report = new PercentileReport
            {
                Corpus = CorpusFolder.Name(folder),
                ModelName = affinity.Model.Name,
                Background = background.Corpus,
                Recordings = Stem.Roles.Min(background.Count),
                Seconds = parse.GetValue(seconds),
                Songs = tested.Length,
                All = PercentileFigures.Compute(evaluation.Matching.Values.SelectMany(x => x), evaluation.Others.Values.SelectMany(x => x)),
                PerStem = evaluation.Matching.Keys.Order().ToDictionary(stem => stem.Name,
                    stem => PercentileFigures.Compute(evaluation.Matching[stem], evaluation.Others[stem])),
                Measured = await Provenance.HereAsync(),
            };
            DocumentTable.Write(texts, (Mark, report.ToMarkdown()));
            if (!await ReportFiles.WriteAsync(parse.GetValue(json), null, report.Write, () => []))
                Console.Write(report.ToMarkdown());
            return 0;
        });
        return command;
    }
}
