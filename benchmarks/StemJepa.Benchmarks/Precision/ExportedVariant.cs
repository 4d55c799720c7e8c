using System.Diagnostics;
using StemJepa.Benchmarks.Comparison;
using StemJepa.Export;

namespace StemJepa.Benchmarks.Precision;

/// <summary>Weights exported in one way, loaded, with what it makes of the tool's songs.</summary>
internal sealed class ExportedVariant
{
    private readonly StemAffinity model;
    private readonly double encoderBytes;
    private readonly List<double> shortTimes = [], longTimes = [];

    /// <summary>Exports and loads.</summary>
    public ExportedVariant(Workshop workshop, string weights, string precision, ModelOperators operators)
    {
        (Precision, Operators) = (precision, operators);
        string folder = workshop.PathOf($"{precision}-{operators}");
        ModelInfo info = ModelExporter.Export(new ExportOptions { From = weights, Out = folder, Precision = precision, Operators = operators });
        encoderBytes = new FileInfo(Path.Combine(folder, info.Files.TargetEncoder)).Length;
        model = workshop.Keep(StemAffinity.Load(folder));
    }

    public string Precision { get; }

    public ModelOperators Operators { get; }

    /// <summary>Embeddings of all stems of the songs.</summary>
    public IReadOnlyList<StemEmbedding> Stems { get; private set; } = [];

    /// <summary>Predictions of all stems of the songs.</summary>
    public IReadOnlyList<StemEmbedding> Predictions { get; private set; } = [];

    /// <summary>Embeds and predicts all stems.</summary>
    public void Hear(IReadOnlyList<DemoSong> songs)
    {
        Stems = [.. songs.SelectMany(song => song.Stems).Select(model.Embed)];
        Predictions = [.. songs.SelectMany(song => Enum.GetValues<Stem>().Select(stem => model.Predict(song.MixWithout(stem), stem)))];
    }

    /// <summary>Measures once.</summary>
    public void Time(AudioClip shortClip, AudioClip longClip, int repeats)
    {
        shortTimes.Add(Milliseconds(shortClip, repeats));
        longTimes.Add(Milliseconds(longClip, 1));
    }

    /// <summary>The row of a table: medians, and the least agreement with <paramref name="exact"/>.</summary>
    public PrecisionRow ToRow(ExportedVariant exact, double? recallAt1, Provenance here) => new(
        Precision, Operators == ModelOperators.Standard ? "standard" : "onnxruntime", Math.Round(encoderBytes / 1e6, 2),
        Median(shortTimes), Median(longTimes), Least(Stems, exact.Stems), Least(Predictions, exact.Predictions), recallAt1, here.Date, here.Machine, here.Commit);

    private double Milliseconds(AudioClip clip, int repeats)
    {
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < repeats; i++)
            model.Embed(clip);
        return watch.Elapsed.TotalMilliseconds / repeats;
    }

    private static double Median(IEnumerable<double> times) => Math.Round(MathNet.Numerics.Statistics.Statistics.Median(times), 3);

    private static double Least(IReadOnlyList<StemEmbedding> ours, IReadOnlyList<StemEmbedding> exact) =>
        Math.Round(ours.Zip(exact, (a, b) => a.Similarity(b)).Min(), 5);
}
