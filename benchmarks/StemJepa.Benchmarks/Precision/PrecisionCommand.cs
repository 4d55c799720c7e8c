using System.CommandLine;
using System.Text.Json.Serialization;
using MathNet.Numerics.Statistics;
using StemJepa.Benchmarks.Measuring;
using StemJepa.Export;
using StemJepa.Training.Evaluation;
using static System.FormattableString;

namespace StemJepa.Benchmarks.Precision;

/// <summary>
/// The command <c>precision</c>: the same weights exported in every precision that a CPU runs: speed, size, agreement, recall.
/// </summary>
internal static class PrecisionCommand
{
    private const int ShortSeconds = 8, LongSeconds = 300, RepeatsOfShort = 20;
    private static readonly string[] Columns =
        ["precision", "encoder, MB", "embed 8 s, ms", "embed 5 min, ms", "least cosine, stems", "least cosine, predictions", "R@1 %"];

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        Option<int> rounds = Timing.Rounds(7);
        var from = new Option<string>("--from")
        {
            Description = "Weights.",
            DefaultValueFactory = _ => "training/weights/small.safetensors",
        };
        Option<string?> fp32 = Retrieval(ExportOptions.Float32), int8 = Retrieval(ExportOptions.Int8);
        return new Measurement<IReadOnlyList<PrecisionRow>>(
            "precision", "The same weights in every precision: speed, size, agreement with fp32, recall.")
        {
            Options = [rounds, from, fp32, int8],
            MeasureAsync = async (parsed, cancel) =>
            {
                var recalls = new Dictionary<string, double?>
                {
                    [ExportOptions.Float32] = Recall(parsed.GetValue(fp32)),
                    [ExportOptions.Int8] = Recall(parsed.GetValue(int8)),
                };
                return Measure(parsed.GetRequiredValue(from), recalls, parsed.GetValue(rounds), await Provenance.HereAsync(), cancel);
            },
            Table = ToMarkdown,
        }.ToCommand();
    }

    private static string ToMarkdown(IReadOnlyList<PrecisionRow> rows) =>
        DocumentTable.Of(Columns, rows.Select(row => new[]
        {
            row.Precision,
            Invariant($"{row.EncoderMb:0.00}"),
            Invariant($"{row.Embed8sMs:0.00}"),
            Invariant($"{row.Embed5minMs:0}"),
            Invariant($"{row.LeastCosine:0.0000}"),
            Invariant($"{row.LeastPredictedCosine:0.0000}"),
            row.RecallAt1 is { } recall ? Invariant($"{100 * recall:0.0}") : "",
        })) + DocumentTable.Provenance(rows[^1].Date, rows[^1].Machine, rows[^1].Commit);

    private static Option<string?> Retrieval(string precision) =>
        new($"--retrieval-{precision}") { Description =
            $"Results file of 'evaluate retrieval' for the {precision} export, for the column R@1." };

    private static double? Recall(string? file) => file is null ? null : ModelExporter.ReadFigures(file)["recall@1"];

    private static IReadOnlyList<PrecisionRow> Measure(
        string weights, Dictionary<string, double?> recalls, int rounds, Provenance here, CancellationToken cancel)
    {
        using var fixture = new Fixture();
        ExportedVariant[] variants = [.. recalls.Keys.Select(precision => new ExportedVariant(fixture, weights, precision))];
        IReadOnlyList<DemoSong> songs = DemoSongs.Load();
        AudioClip shortClip = Noise.Clip(ShortSeconds * FrontEndSettings.SampleRate),
            longClip = Noise.Clip(LongSeconds * FrontEndSettings.SampleRate);
        foreach (ExportedVariant variant in variants)
            variant.Embed(songs);
        for (int round = 0; round < rounds; round++)
        {
            foreach (ExportedVariant variant in variants)
            {
                cancel.ThrowIfCancellationRequested();
                variant.Time(shortClip, longClip, RepeatsOfShort);
            }
        }
        return [.. variants.Select(variant => variant.ToRow(variants[0], recalls[variant.Precision], here))];
    }

    /// <summary>Weights exported in one precision and loaded, with embeddings of the tool's demo songs.</summary>
    private sealed class ExportedVariant
    {
        private readonly StemAffinity _model;
        private readonly double _encoderBytes;
        private readonly List<double> _shortTimes = [], _longTimes = [];
        private IReadOnlyList<StemEmbedding> _stems = [], _predictions = [];

        public ExportedVariant(Fixture fixture, string weights, string precision)
        {
            Precision = precision;
            string folder = fixture.PathOf(precision);
            ModelInfo info = ModelExporter.Export(new ExportOptions { From = weights, Out = folder, Precision = precision });
            _encoderBytes = new FileInfo(Path.Combine(folder, info.Files.TargetEncoder)).Length;
            _model = fixture.Own(StemAffinity.Load(folder));
        }

        public string Precision { get; }

        /// <summary>Embeds and predicts all stems of the songs.</summary>
        public void Embed(IReadOnlyList<DemoSong> songs)
        {
            _stems = [.. songs.SelectMany(song => song.Stems).Select(clip => _model.Embed(clip))];
            _predictions =
                [.. songs.SelectMany(song => Stem.Roles.Select(stem => _model.Predict(song.MixWithout(stem), stem)))];
        }

        /// <summary>Measures once.</summary>
        public void Time(AudioClip shortClip, AudioClip longClip, int repeats)
        {
            _shortTimes.Add(1000 * Timing.Seconds(() => _model.Embed(shortClip), repeats));
            _longTimes.Add(1000 * Timing.Seconds(() => _model.Embed(longClip)));
        }

        /// <summary>Returns the row of the results: medians, and the least agreement with <paramref name="exact"/>.</summary>
        public PrecisionRow ToRow(ExportedVariant exact, double? recallAt1, Provenance here) => new(
            Precision, Math.Round(_encoderBytes / 1e6, 2), Math.Round(_shortTimes.Median(), 3), Math.Round(_longTimes.Median(), 3),
            Least(_stems, exact._stems), Least(_predictions, exact._predictions), recallAt1, here.Date, here.Machine, here.Commit);

        private static double Least(IReadOnlyList<StemEmbedding> ours, IReadOnlyList<StemEmbedding> exact) =>
            Math.Round(ours.Zip(exact, (a, b) => WithoutModel(a).Similarity(WithoutModel(b))).Min(), 5);

        /// <summary>Roundings of one model count as different models; here they are compared on purpose.</summary>
        private static StemEmbedding WithoutModel(StemEmbedding embedding) => new(embedding.Vector.Span);
    }
}

/// <summary>One export of the same weights. Medians of interleaved rounds.</summary>
/// <param name="Precision">As <c>--precision</c> of the exporter.</param>
/// <param name="EncoderMb">Size of the target encoder's file, in units of 10^6 bytes.</param>
/// <param name="Embed8sMs">Time to embed 8 s.</param>
/// <param name="Embed5minMs">Time to embed 5 minutes.</param>
/// <param name="LeastCosine">The least cosine to the first row's embedding among all stems of the tool's songs.</param>
/// <param name="LeastPredictedCosine">The least cosine to the first row's prediction of those stems from the rest of their songs.</param>
/// <param name="RecallAt1">On the test set, 0..1; null if it was not measured.</param>
internal sealed record PrecisionRow(
    string Precision,
    double EncoderMb,
    [property: JsonPropertyName("embed_8_s_ms")] double Embed8sMs,
    [property: JsonPropertyName("embed_5_min_ms")] double Embed5minMs,
    double LeastCosine,
    double LeastPredictedCosine,
    [property: JsonPropertyName("recall@1")] double? RecallAt1,
    string Date,
    string Machine,
    string Commit);
