using System.Text.Json.Serialization;
using MathNet.Numerics.Statistics;

namespace StemJepa.Training.Evaluation;

/// <summary>A metric over seeds, 0..1.</summary>
/// <param name="Mean">Mean over the seeds.</param>
/// <param name="Deviation">Sample deviation over the seeds; 0 if there is nothing random.</param>
/// <param name="Seeds">The value for each seed.</param>
internal sealed record ProbeMetric(
    [property: JsonPropertyName("mean")] double Mean,
    [property: JsonPropertyName("deviation")] double Deviation,
    [property: JsonPropertyName("seeds")] IReadOnlyList<double> Seeds)
{
    public static ProbeMetric Of(IReadOnlyList<double> seeds) => new(seeds.Average(), seeds.Count > 1 ? seeds.StandardDeviation() : 0, seeds);
}
