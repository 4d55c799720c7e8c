using System.CommandLine;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>The command <c>evaluate fit</c>: whether stems in another key or tempo are found, and fitted back.</summary>
internal static class FitCommand
{
    /// <summary>Marks the table in documents.</summary>
    public const string Mark = "fit.json";

    public static Command Create()
    {
        var usual = new FitSettings();
        Option<string> corpus = EvaluationOptions.Corpus();
        Option<string?> cache = CorpusFolder.CacheOption();
        Option<string?> json = EvaluationOptions.Json();
        Option<string[]> documents = DocumentTable.Option();
        var variants = new Option<int>("--variants")
        {
            Description = "Only the first variants by name, at most so many.",
            DefaultValueFactory = _ => int.MaxValue,
        };
        variants.Require(value => value >= 1, "--variants is a whole number from 1 on, such as 20.");
        var fitted = new Option<int>("--fitted")
        {
            Description = "How many of each ranking are fitted.",
            DefaultValueFactory = _ => usual.Fitted,
        };
        fitted.Require(value => value >= 1, "--fitted is a whole number from 1 on, such as 10.");
        var seconds = new Option<double>("--seconds") { Description = "Seconds of each mix.", DefaultValueFactory = _ => usual.Seconds };
        seconds.Require(value => value >= 4, "--seconds is a number from 4 on, such as 24.");
        var command = new Command("fit", "How often a near variant's stem, in another key or tempo, is found and fitted back.")
        {
            corpus, cache, json, documents, variants, fitted, seconds,
        };
        command.SetAction(async (parse, cancellation) =>
        {
            string[] texts = parse.GetRequiredValue(documents);
            DocumentTable.Check(texts, Mark);
            string folder = parse.GetRequiredValue(corpus);
            FitSettings settings = usual with { Fitted = parse.GetValue(fitted), Seconds = parse.GetValue(seconds) };
            using StemAffinity model = StemAffinity.Create();
            using var fitter = StemFitter.Create(model);
            IReadOnlyList<CorpusSong> songs = CorpusFolder.Songs(folder, CorpusFolder.Test, parse.GetValue(cache), cancellation);
            IReadOnlyList<FitQuery> queries = await EvaluationOptions.RunWithProgressAsync(model.Model.Name, progress =>
                new FitEvaluation(model, fitter, settings).Run(songs, parse.GetValue(variants), progress, cancellation), cancellation);
            if (queries.Count == 0)
                throw new StemJepaException($"{folder}: no song has a near variant; name the test set rendered-150.");
            var report = new FitReport
            {
                Corpus = CorpusFolder.Name(folder),
                ModelName = model.Model.Name,
                Seconds = settings.Seconds,
                Variants = Math.Min(parse.GetValue(variants), songs.Count(song => song.Name != song.Original)),
                Fitted = settings.Fitted,
                All = FitFigures.Compute([.. queries]),
                PerStem = queries.GroupBy(query => query.Stem).OrderBy(group => group.Key)
                    .ToDictionary(group => group.Key.Name, group => FitFigures.Compute([.. group])),
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
