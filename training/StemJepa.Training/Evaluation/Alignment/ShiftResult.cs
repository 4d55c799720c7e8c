using System.Text.Json.Serialization;

namespace StemJepa.Training.Evaluation;

/// <summary>The figures of one method.</summary>
/// <param name="All">Over all queries.</param>
/// <param name="PerStem">By the stem that was shifted.</param>
internal sealed record ShiftResult(
    [property: JsonPropertyName("all")] ShiftFigures All,
    [property: JsonPropertyName("per_stem")] IReadOnlyDictionary<string, ShiftFigures> PerStem)
{
    /// <summary>The figures of at least one query.</summary>
    public static ShiftResult Of(IReadOnlyList<(Stem Stem, ShiftHits Hits)> queries) => new(
        ShiftFigures.Of([.. queries.Select(query => query.Hits)]),
        queries.GroupBy(query => query.Stem).OrderBy(group => group.Key)
            .ToDictionary(group => ModelInfo.StemNames[(int)group.Key], group => ShiftFigures.Of([.. group.Select(query => query.Hits)])));
}
