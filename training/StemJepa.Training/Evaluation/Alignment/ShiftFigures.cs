using System.Text.Json.Serialization;

namespace StemJepa.Training.Evaluation;

/// <summary>How often a method finds the true shift, as shares of queries 0..1; those of beats and bars are null if they are known of no query.</summary>
internal sealed record ShiftFigures
{
    [JsonPropertyName("queries")]
    public required int Queries { get; init; }

    /// <summary>Queries whose beat and bar are known.</summary>
    [JsonPropertyName("timed_queries")]
    public required int TimedQueries { get; init; }

    [JsonPropertyName("within_patch")]
    public required double WithinPatch { get; init; }

    [JsonPropertyName("within_beat")]
    public required double? WithinBeat { get; init; }

    [JsonPropertyName("within_bar")]
    public required double? WithinBar { get; init; }

    /// <summary>Within one patch, if shifts that differ by whole beats count as equal.</summary>
    [JsonPropertyName("within_patch_modulo_beat")]
    public required double? WithinPatchModuloBeat { get; init; }

    /// <summary>Within one patch, if shifts that differ by whole bars count as equal.</summary>
    [JsonPropertyName("within_patch_modulo_bar")]
    public required double? WithinPatchModuloBar { get; init; }

    /// <summary>The figures of at least one query.</summary>
    public static ShiftFigures Of(IReadOnlyList<ShiftHits> hits)
    {
        ShiftHits mean = ShiftHits.Mean(hits);
        return new ShiftFigures
        {
            Queries = hits.Count,
            TimedQueries = hits.Count(hit => hit.Beat is not null),
            WithinPatch = mean.Patch,
            WithinBeat = mean.Beat,
            WithinBar = mean.Bar,
            WithinPatchModuloBeat = mean.PatchModuloBeat,
            WithinPatchModuloBar = mean.PatchModuloBar,
        };
    }
}
