using System.Text.Json.Serialization;
using static System.FormattableString;

namespace StemJepa.Training.Evaluation;

/// <summary>How percentiles of a model's background are distributed: the JSON that <c>evaluate percentile</c> writes.</summary>
internal sealed record PercentileReport : EvaluationReport<PercentileReport>
{
    /// <summary>What the background is from.</summary>
    [JsonPropertyName("background")]
    public required string Background { get; init; }

    /// <summary>Recordings of each stem in it, at least.</summary>
    [JsonPropertyName("recordings")]
    public required int Recordings { get; init; }

    [JsonPropertyName("seconds")]
    public required double Seconds { get; init; }

    [JsonPropertyName("songs")]
    public required int Songs { get; init; }

    [JsonPropertyName("all")]
    public required PercentileFigures All { get; init; }

    [JsonPropertyName("per_stem")]
    public required IReadOnlyDictionary<string, PercentileFigures> PerStem { get; init; }

    /// <summary>The figures as a table of Markdown.</summary>
    public string ToMarkdown() => Invariant($"{Songs} songs of {Corpus}, the first {Seconds} s; {Recordings} recordings of each stem ")
        + $"of {Background}.\n\n" + DocumentTable.Of(
        ["", "queries", "stems of other songs: mean %", "above 50 %", "above 90 %", "above 97 %", "the true stem: median %", "above 90 %"],
        PerStem.Append(new("all", All)).Select(row => (string[])
        [
            row.Key, Invariant($"{row.Value.Queries}"), Percent(row.Value.OthersMean), Percent(row.Value.OthersAbove50),
            Percent(row.Value.OthersAbove90), Percent(row.Value.OthersAbove97), Percent(row.Value.MatchingMedian),
            Percent(row.Value.MatchingAbove90),
        ])) + Footer();
}

/// <summary>The distribution of percentiles, 0..1. Calibrated are those of stems of other songs: mean 0.5, a tenth above 0.9.</summary>
internal sealed record PercentileFigures
{
    [JsonPropertyName("queries")]
    public required int Queries { get; init; }

    /// <summary>The mean of stems of other songs.</summary>
    [JsonPropertyName("others_mean")]
    public required double OthersMean { get; init; }

    /// <summary>The share of them that is above a half.</summary>
    [JsonPropertyName("others_above_50")]
    public required double OthersAbove50 { get; init; }

    /// <summary>The share of them that is above 0.9.</summary>
    [JsonPropertyName("others_above_90")]
    public required double OthersAbove90 { get; init; }

    /// <summary>The share of them that is above 0.97.</summary>
    [JsonPropertyName("others_above_97")]
    public required double OthersAbove97 { get; init; }

    /// <summary>The median of the true stems.</summary>
    [JsonPropertyName("matching_median")]
    public required double MatchingMedian { get; init; }

    /// <summary>The share of them that is above 0.9.</summary>
    [JsonPropertyName("matching_above_90")]
    public required double MatchingAbove90 { get; init; }

    /// <summary>The figures of percentiles, at least one of each.</summary>
    public static PercentileFigures Compute(IEnumerable<double> matching, IEnumerable<double> others)
    {
        double[] right = [.. matching.Order()], wrong = [.. others];
        double Share(double[] values, double above) => values.Average(value => value > above ? 1.0 : 0);
        return new PercentileFigures
        {
            Queries = right.Length,
            OthersMean = wrong.Average(),
            OthersAbove50 = Share(wrong, 0.5),
            OthersAbove90 = Share(wrong, 0.9),
            OthersAbove97 = Share(wrong, 0.97),
            MatchingMedian = (right[(right.Length - 1) / 2] + right[right.Length / 2]) / 2,
            MatchingAbove90 = Share(right, 0.9),
        };
    }
}
