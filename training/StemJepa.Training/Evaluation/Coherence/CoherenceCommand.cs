using System.CommandLine;
using Spectre.Console;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>The command <c>evaluate coherence</c>.</summary>
internal static class CoherenceCommand
{
    /// <summary>Songs from which on intervals are drawn over songs; of fewer, over pieces.</summary>
    private const int EnoughSongs = 20;

    private const int PieceSeconds = 20;

    private sealed record Options(string Corpus, string? Cache, string? Model, string? Json, string[] Documents, double Seconds,
        int[] Candidates, int Pairs, int Seed, bool Baselines);

    public static Command Create()
    {
        Option<string> corpus = EvaluationOptions.Corpus();
        Option<string?> cache = CorpusFolder.CacheOption();
        Option<string?> model = EvaluationOptions.Model();
        Option<string?> json = EvaluationOptions.Json();
        Option<string[]> documents = DocumentTable.Option();
        var seconds = new Option<double>("--seconds") { Description = "Length of a chunk.", DefaultValueFactory = _ => 5 };
        var candidates = new Option<int[]>("--candidates")
        {
            Description = "Among how many positives the right one is sought, as a list: 8,16,64.",
            DefaultValueFactory = _ => [8, 16, 64],
            CustomParser = result => Candidates(result),
        };
        var pairs = new Option<int>("--pairs") { Description = "Pairs that are drawn, each a query.", DefaultValueFactory = _ => 2000 };
        var seed = new Option<int>("--seed") { Description = "Decides songs, times, stems and distractors.", DefaultValueFactory = _ => 1 };
        var noBaselines = new Option<bool>("--no-baselines") { Description = "Measure the model alone." };
        seconds.Require(value => value is >= 0.5 and <= 60, "--seconds is a number from 0.5 to 60, such as 5.");
        pairs.Require(value => value >= 2, "--pairs is a whole number from 2 on, such as 2000.");
        var command = new Command("coherence", "How often stems that belong together are told from others, by PHALAR's protocol.")
        {
            corpus, cache, model, json, documents, seconds, candidates, pairs, seed, noBaselines,
        };
        command.SetAction(async (parse, cancellation) =>
        {
            var options = new Options(parse.GetRequiredValue(corpus), parse.GetValue(cache), parse.GetValue(model), parse.GetValue(json),
                parse.GetRequiredValue(documents), parse.GetValue(seconds), parse.GetRequiredValue(candidates), parse.GetValue(pairs),
                parse.GetValue(seed), !parse.GetValue(noBaselines));
            string mark = options.Json is null or "-" ? "coherence.json" : Path.GetFileName(options.Json);
            DocumentTable.Check(options.Documents, mark);
            CoherenceReport report = await MeasureAsync(options, cancellation);
            DocumentTable.Write(options.Documents, (mark, report.ToMarkdown()));
            if (!await ReportFiles.WriteAsync(options.Json, null, report.Write, () => []))
                Console.Write(report.ToMarkdown());
            return 0;
        });
        return command;
    }

    private static int[]? Candidates(System.CommandLine.Parsing.ArgumentResult result)
    {
        string[] texts = string.Join(',', result.Tokens.Select(token => token.Value)).Split(',');
        int[] counts = [.. texts.Select(text => int.TryParse(text, out int count) ? count : 0)];
        if (counts.All(count => count is >= 2 and <= 4096) && counts.Distinct().Count() == counts.Length)
            return [.. counts.Order()];
        result.AddError("--candidates is a list of different whole numbers from 2 to 4096, such as 8,16,64.");
        return null;
    }

    /// <summary>Tells the pieces of all songs apart: songs have fewer than 100,000 pieces.</summary>
    private static int PieceOf(CoherencePair pair) => 100_000 * pair.Song + pair.Start / (PieceSeconds * FrontEndSettings.SampleRate);

    private static async Task<CoherenceReport> MeasureAsync(Options options, CancellationToken cancellation)
    {
        using StemAffinity model = EvaluationOptions.LoadModel(options.Model);
        IReadOnlyList<CorpusSong> songs = CorpusFolder.Songs(options.Corpus, CorpusFolder.Test, options.Cache, cancellation);
        using var audio = new CoherenceAudio(songs);
        int chunk = (int)Math.Round(options.Seconds * FrontEndSettings.SampleRate);
        return await EvaluationOptions.ErrorConsole().Progress().StartAsync(context => Task.Run(async () =>
        {
            var evaluation = new CoherenceEvaluation(audio, chunk, options.Candidates, options.Pairs, options.Seed);
            bool overSongs = songs.Count >= EnoughSongs;
            int[] clusters = [.. evaluation.Queries.Select(pair => overSongs ? pair.Song : PieceOf(pair))];
            string[]? names = overSongs ? null : [.. songs.Select(song => song.Name)];
            var figures = new Dictionary<(DistractorRule Rule, string Score, int Candidates), CoherenceFigures>();
            void Measure(string label, ICoherenceMethod method)
            {
                ProgressTask task = context.AddTask(Markup.Escape(label), maxValue: 1);
                foreach (var (key, isFirst) in evaluation.Measure(method, share => task.Value = share, cancellation))
                {
                    if (CoherenceFigures.Compute(evaluation.Queries, isFirst, clusters, names) is { } known)
                        figures[key] = known;
                }
            }
            var baselines = new List<string>();
            void MeasureBaseline(ICoherenceMethod method)
            {
                baselines.AddRange(method.Scores);
                Measure(method.Scores[0], method);
            }
            if (options.Baselines)
            {
                MeasureBaseline(new RandomCoherence(options.Seed));
                MeasureBaseline(new LogMelCoherence(evaluation.Pairs.Count));
                MeasureBaseline(new MashabilityCoherence(evaluation.Pairs.Count));
            }
            Measure(model.Model.Name, new ModelCoherence(model, evaluation.Pairs));
            IReadOnlyDictionary<int, CoherenceFigures> Of(DistractorRule rule, string score) => options.Candidates
                .Where(count => figures.ContainsKey((rule, score, count)))
                .ToDictionary(count => count, count => figures[(rule, score, count)]);
            return new CoherenceReport
            {
                Corpus = CorpusFolder.Name(options.Corpus),
                Songs = songs.Count,
                ModelName = model.Model.Name,
                Seconds = options.Seconds,
                Pairs = options.Pairs,
                Seed = options.Seed,
                IntervalOver = overSongs ? "songs" : $"pieces of {PieceSeconds} s",
                ByDistractors = Enum.GetValues<DistractorRule>().ToDictionary(CoherenceReport.NameOf, rule => new CoherenceReport.Section(
                    new CoherenceReport.Comparisons(Of(rule, ModelCoherence.Mean), Of(rule, ModelCoherence.InTime),
                        Of(rule, ModelCoherence.WithRhythm), Of(rule, ModelCoherence.AtSpeeds),
                        Of(rule, ModelCoherence.WithSound)),
                    new CoherenceReport.Comparisons(Of(rule, ModelCoherence.MeanOfUnknown), Of(rule, ModelCoherence.InTimeOfUnknown)),
                    baselines.ToDictionary(name => name, name => Of(rule, name)))),
                Measured = await Provenance.HereAsync(),
            };
        }, cancellation));
    }
}
