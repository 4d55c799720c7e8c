using System.Text.Json;
using System.Text.Json.Serialization;
using MathNet.Numerics.Statistics;

namespace StemJepa.Training.Evaluation;

/// <summary>A task's figures for a model and for the baselines: the JSON that <c>probe</c> writes.</summary>
internal sealed record ProbeReport
{
    /// <summary>Guessing.</summary>
    public const string ChanceMethod = "chance";

    /// <summary>The model's embedding.</summary>
    public const string ModelMethod = ModelFeature.MethodName;

    /// <summary>
    /// Ends the name of a feature whose head takes every time patch (<see cref="ProbeHead.Columns"/>), which is ours and not the paper's.
    /// </summary>
    public const string TimePatchesSuffix = "_columns";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    [JsonPropertyName("task")]
    public required string Task { get; init; }

    [JsonPropertyName("data_set")]
    public required string DataSet { get; init; }

    [JsonPropertyName("model_name")]
    public required string ModelName { get; init; }

    /// <summary>Clips by split.</summary>
    [JsonPropertyName("clips")]
    public required IReadOnlyDictionary<string, int> Clips { get; init; }

    /// <summary>Seconds of each clip that were used; null for all.</summary>
    [JsonPropertyName("seconds")]
    public double? Seconds { get; init; }

    /// <summary>Semitones up to which each clip of the training split was also played faster and higher, and slower and lower.</summary>
    [JsonPropertyName("semitones")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Semitones { get; init; }

    /// <summary>By method, chance first and the model last.</summary>
    [JsonPropertyName("methods")]
    public required IReadOnlyDictionary<string, ProbeResult> Methods { get; init; }

    [JsonPropertyName("measured")]
    public required Provenance Measured { get; init; }

    public void Write(Stream stream) => JsonSerializer.Serialize(stream, this, Json);

    /// <summary>Reads a results file.</summary>
    public static ProbeReport Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return JsonSerializer.Deserialize<ProbeReport>(stream, Json)!;
    }
}

/// <summary>The reports of several tasks: the JSON that <c>probe all</c> writes.</summary>
/// <param name="Tasks">By the name of the task.</param>
internal sealed record ProbeReports([property: JsonPropertyName("tasks")] IReadOnlyDictionary<string, ProbeReport> Tasks)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    public void Write(Stream stream) => JsonSerializer.Serialize(stream, this, Json);

    /// <summary>Reads a results file.</summary>
    public static ProbeReports Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return JsonSerializer.Deserialize<ProbeReports>(stream, Json)!;
    }
}

/// <summary>The result of one feature on the test split.</summary>
/// <param name="Head">The head that was better on the validation split; null if nothing was trained.</param>
/// <param name="Metrics">By name, the one that chose the head first.</param>
internal sealed record ProbeResult(
    [property: JsonPropertyName("head")] string? Head,
    [property: JsonPropertyName("metrics")] IReadOnlyDictionary<string, ProbeMetric> Metrics)
{
    /// <param name="metrics">Names of the metrics.</param>
    /// <param name="head">The head, if there is one.</param>
    /// <param name="seeds">Values of all metrics for each seed.</param>
    public static ProbeResult FromSeeds(IReadOnlyList<string> metrics, string? head, IReadOnlyList<double[]> seeds) =>
        new(head, metrics.Select((name, i) => (name, Metric: ProbeMetric.FromSeeds([.. seeds.Select(values => values[i])])))
            .ToDictionary(item => item.name, item => item.Metric));
}

/// <summary>A metric over seeds, 0..1.</summary>
/// <param name="Mean">Mean over the seeds.</param>
/// <param name="Deviation">Sample deviation over the seeds; 0 if there is nothing random.</param>
/// <param name="Seeds">The value for each seed.</param>
internal sealed record ProbeMetric(
    [property: JsonPropertyName("mean")] double Mean,
    [property: JsonPropertyName("deviation")] double Deviation,
    [property: JsonPropertyName("seeds")] IReadOnlyList<double> Seeds)
{
    public static ProbeMetric FromSeeds(IReadOnlyList<double> seeds) =>
        new(seeds.Average(), seeds.Count > 1 ? seeds.StandardDeviation() : 0, seeds);
}
