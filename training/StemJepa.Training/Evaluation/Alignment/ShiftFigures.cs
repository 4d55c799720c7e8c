using System.Text.Json.Serialization;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// How often a method finds the true shift, as shares of queries 0..1; the shares of beats and bars are null if no query has a tempo.
/// </summary>
internal sealed record ShiftFigures
{
    [JsonPropertyName("queries")]
    public required int Queries { get; init; }

    /// <summary>Queries with beat and bar.</summary>
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
    public static ShiftFigures FromHits(IReadOnlyList<ShiftHits> hits)
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

/// <summary>The figures of one method.</summary>
/// <param name="All">Over all queries.</param>
/// <param name="PerStem">By the stem that was shifted.</param>
internal sealed record ShiftResult(
    [property: JsonPropertyName("all")] ShiftFigures All,
    [property: JsonPropertyName("per_stem")] IReadOnlyDictionary<string, ShiftFigures> PerStem)
{
    /// <summary>The figures of at least one query.</summary>
    public static ShiftResult FromQueries(IReadOnlyList<(Stem Stem, ShiftHits Hits)> queries) => new(
        ShiftFigures.FromHits([.. queries.Select(query => query.Hits)]),
        queries.GroupBy(query => query.Stem).OrderBy(group => group.Key)
            .ToDictionary(group => group.Key.Name, group =>
                ShiftFigures.FromHits([.. group.Select(query => query.Hits)])));
}

/// <summary>
/// How near a shift comes to the true one: 1 for a hit and 0 for a miss, or between for a method that guesses. Null if beat and bar are
/// unknown.
/// </summary>
/// <param name="Patch">Within one patch, 160 ms.</param>
/// <param name="Beat">Within one beat.</param>
/// <param name="Bar">Within one bar.</param>
/// <param name="PatchModuloBeat">Within one patch of the true shift or of one that is whole beats away.</param>
/// <param name="PatchModuloBar">Within one patch of the true shift or of one that is whole bars away.</param>
internal sealed record ShiftHits(double Patch, double? Beat, double? Bar, double? PatchModuloBeat, double? PatchModuloBar)
{
    private const double Rounding = 1e-9;

    /// <summary>Those of one shift, in seconds.</summary>
    public static ShiftHits FromShift(ShiftQuery query, double found)
    {
        double error = Math.Abs(found - query.Shift);
        return new ShiftHits(
            Within(error, PatchSequence.SecondsPerPatch),
            query.Timing is { } timing ? Within(error, timing.Beat) : null,
            query.Timing is { } bars ? Within(error, bars.Bar) : null,
            query.Timing is { } folded ? Within(Modulo(error, folded.Beat), PatchSequence.SecondsPerPatch) : null,
            query.Timing is { } barred ? Within(Modulo(error, barred.Bar), PatchSequence.SecondsPerPatch) : null);
    }

    /// <summary>Those to be expected of a method that names any of the shifts with equal probability.</summary>
    public static ShiftHits FromChance(ShiftQuery query, ShiftRange range) => Mean([.. range.All.Select(shift => FromShift(query, shift))]);

    /// <summary>Computes the means of at least one; of beat and bar, over the queries that have them.</summary>
    public static ShiftHits Mean(IReadOnlyList<ShiftHits> hits) => new(
        hits.Average(hit => hit.Patch), hits.Average(hit => hit.Beat), hits.Average(hit => hit.Bar),
        hits.Average(hit => hit.PatchModuloBeat), hits.Average(hit => hit.PatchModuloBar));

    private static double Within(double error, double tolerance) => error <= tolerance + Rounding ? 1 : 0;

    /// <summary>The distance to the nearest multiple of a period.</summary>
    private static double Modulo(double error, double period) => Math.Abs(error - period * Math.Round(error / period));
}

/// <summary>The shifts that an alignment searches: <see cref="StemAlignment.Step"/> apart.</summary>
/// <param name="First">The first, in seconds.</param>
/// <param name="Count">How many they are.</param>
internal readonly record struct ShiftRange(double First, int Count)
{
    public double Last => First + (Count - 1) * PatchSequence.SecondsPerPatch;

    /// <summary>All of them, in seconds.</summary>
    public IEnumerable<double> All
    {
        get
        {
            for (int i = 0; i < Count; i++)
                yield return First + i * PatchSequence.SecondsPerPatch;
        }
    }
}
