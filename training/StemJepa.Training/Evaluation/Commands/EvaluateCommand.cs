using System.CommandLine;
using Spectre.Console;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>The command <c>evaluate</c>, with <c>evaluate retrieval</c>.</summary>
internal static class EvaluateCommand
{
    private const int RandomSeed = 1, TableWidth = 180;

    private sealed record Options(string Corpus, string? Cache, string? Model, int SegmentPatches, bool Baselines, double Seconds,
        double? Pieces, bool Families);

    public static Command Create()
    {
        Option<string> corpus = EvaluationOptions.Corpus();
        Option<string?> cache = CorpusFolder.CacheOption();
        Option<string?> model = EvaluationOptions.Model();
        Option<string?> json = EvaluationOptions.Json();
        var plot = new Option<string?>("--plot") { Description = "Draw the recall curves to this PNG file." };
        Option<string[]> documents = DocumentTable.Option();
        var segment = new Option<int>("--segment-patches")
        {
            Description = "Patches of 0.16 s that are averaged before the comparison aligned in time: 1, 8 (1.28 s), 50 (8 s).",
            DefaultValueFactory = _ => 1,
        };
        segment.Require(value => value >= 1, "--segment-patches is a whole number from 1 on, such as 8.");
        var noBaselines = new Option<bool>("--no-baselines") { Description = "Measure the model alone." };
        var seconds = new Option<double>("--seconds")
        {
            Description = "Only the first so many seconds of each song: equal lengths, so that a song's length is no clue.",
            DefaultValueFactory = _ => double.PositiveInfinity,
        };
        seconds.Require(value => value > 0, "--seconds is a number above 0, such as 60.");
        var pieces = new Option<double?>("--pieces")
        {
            Description = "Cut songs into pieces of so many seconds, each of which counts as a song; pieces with fewer than "
                + $"{RetrievalEvaluation.LeastStemsOfPiece} sounding stems are left out.",
        };
        pieces.Require(value => value is null or >= 1, "--pieces is a number of seconds from 1 on, such as 20.");
        var families = new Option<bool>("--families")
        {
            Description = "Measure by instrument family too: each family's stem among those of the other songs.",
        };
        var retrieval = new Command("retrieval", "How often the true stem is found among all stems of all songs, by the paper's protocol.")
        {
            corpus, cache, model, json, plot, documents, segment, seconds, pieces, noBaselines, families,
        };
        retrieval.SetAction(async (parse, cancellation) =>
        {
            var options = new Options(parse.GetRequiredValue(corpus), parse.GetValue(cache), parse.GetValue(model), parse.GetValue(segment),
                !parse.GetValue(noBaselines),
                parse.GetValue(seconds), parse.GetValue(pieces), parse.GetValue(families));
            string[] texts = parse.GetRequiredValue(documents);
            DocumentTable.Check(texts, RetrievalTables.Marks);
            RetrievalReport report = await MeasureAsync(options, cancellation);
            DocumentTable.Write(texts, RetrievalTables.ForDocuments(report));
            await WriteAsync(report, parse.GetValue(json), parse.GetValue(plot));
            return 0;
        });
        return new Command("evaluate", "Measure a model.")
        {
            retrieval, FailuresCommand.Create(), AlignmentCommand.Create(), CoherenceCommand.Create(), PercentileCommand.Create(),
            FitCommand.Create(),
        };
    }

    private static async Task<RetrievalReport> MeasureAsync(Options options, CancellationToken cancellation)
    {
        using StemAffinity model = EvaluationOptions.LoadModel(options.Model);
        using var evaluation = new RetrievalEvaluation(
            CorpusFolder.Songs(options.Corpus, CorpusFolder.Test, options.Cache, cancellation), options.Seconds, options.Pieces,
            options.Families);
        return await EvaluationOptions.ErrorConsole().Progress().StartAsync(async context =>
        {
            IReadOnlyList<RetrievalQuery> Show(string name, IRetrievalMethod method)
            {
                ProgressTask task = context.AddTask(Markup.Escape(name), maxValue: 1);
                return evaluation.Show(method, share => task.Value = share, cancellation);
            }
            var methods = new List<MeasuredMethod>();
            void MeasureAlone(string name, IRetrievalMethod method) =>
                methods.Add(MeasuredMethod.Compute(name, Show(name, method), method.Affinities(cancellation)));
            void Measure(string name, EmbeddingRetrieval embeddings, string label)
            {
                IReadOnlyList<RetrievalQuery> queries = Show(label, embeddings);
                methods.Add(MeasuredMethod.Compute(name, queries, embeddings.Affinities(cancellation)));
                methods.Add(MeasuredMethod.Compute(name + RetrievalReport.AlignedSuffix, queries,
                    embeddings.AlignedAffinities(options.SegmentPatches, cancellation)));
            }
            if (options.Baselines)
            {
                MeasureAlone("random", new EmbeddingRetrieval(new RandomEmbedder(RandomSeed)));
                Measure("mean_log_mel", new EmbeddingRetrieval(new MeanLogMelEmbedder(), keepSequences: true), "mean log-mel");
                MeasureAlone("automashupper_like", new AutoMashUpperLike());
            }
            Measure(RetrievalReport.ModelMethod, new EmbeddingRetrieval(new ModelEmbedder(model), keepSequences: true), model.Model.Name);
            ProgressTask? task = options.Families ? context.AddTask("families", maxValue: 1) : null;
            FamilyRetrieval? families = task is null ? null
                : FamilyRetrieval.Measure(model, evaluation, options.Baselines, share => task.Value = share, cancellation);
            string corpus = CorpusFolder.Name(options.Corpus);
            return RetrievalReport.Create(corpus, model.Model.Name, options.SegmentPatches, methods, await Provenance.HereAsync()) with
            {
                Seconds = double.IsFinite(options.Seconds) ? options.Seconds : null,
                PieceSeconds = options.Pieces,
                Families = families,
            };
        });
    }

    private static async Task WriteAsync(RetrievalReport report, string? json, string? plot)
    {
        if (await ReportFiles.WriteAsync(json, plot, report.Write, () => RecallPlot.Render(report)))
            return;
        AnsiConsole.Profile.Width = TableWidth;
        string units = report.PieceSeconds is null ? "songs" : "pieces";
        WriteTable($"All {report.Songs} {units} of {report.Corpus}:", RetrievalTables.All(report));
        if (RetrievalTables.RealOnly(report) is { } real)
            WriteTable($"The {report.RealOnly!.Songs} real songs, among themselves:", real);
        WriteTable("All songs, further figures:", RetrievalTables.Further(report));
        if (report.Families is { } families)
            AnsiConsole.WriteLine($"By instrument family:\n\n{families.ToMarkdown(report.ModelName)}");
        AnsiConsole.WriteLine(RetrievalTables.Note);
    }

    private static void WriteTable(string title, Table table)
    {
        AnsiConsole.WriteLine(title);
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine();
    }
}
