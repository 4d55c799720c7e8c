using System.Text.Json.Serialization;

namespace StemJepa.Training.Evaluation;

/// <summary>What came of one feature, on the test split.</summary>
/// <param name="Head">The head that was better on the validation split; null if nothing was trained.</param>
/// <param name="Metrics">By name, the one that chose the head first.</param>
internal sealed record ProbeResult(
    [property: JsonPropertyName("head")] string? Head,
    [property: JsonPropertyName("metrics")] IReadOnlyDictionary<string, ProbeMetric> Metrics)
{
    /// <param name="metrics">Names of the metrics.</param>
    /// <param name="head">The head, if there is one.</param>
    /// <param name="seeds">Values of all metrics for each seed.</param>
    public static ProbeResult Of(IReadOnlyList<string> metrics, string? head, IReadOnlyList<double[]> seeds) =>
        new(head, metrics.Select((name, i) => (name, Metric: ProbeMetric.Of([.. seeds.Select(values => values[i])]))).ToDictionary(item => item.name, item => item.Metric));
}
