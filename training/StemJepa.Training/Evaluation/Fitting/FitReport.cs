using System.Text.Json.Serialization;
using static System.FormattableString;

namespace StemJepa.Training.Evaluation;

/// <summary>Whether stems of near variants are found and fitted back: the JSON that <c>evaluate fit</c> writes.</summary>
internal sealed record FitReport : EvaluationReport<FitReport>
{
    /// <summary>Seconds of each mix.</summary>
    [JsonPropertyName("seconds")]
    public required double Seconds { get; init; }

    /// <summary>Variants, whose stems are the candidates.</summary>
    [JsonPropertyName("variants")]
    public required int Variants { get; init; }

    /// <summary>How many of each ranking were fitted.</summary>
    [JsonPropertyName("fitted")]
    public required int Fitted { get; init; }

    [JsonPropertyName("all")]
    public required FitFigures All { get; init; }

    [JsonPropertyName("per_stem")]
    public required IReadOnlyDictionary<string, FitFigures> PerStem { get; init; }

    /// <summary>The figures as a table of Markdown.</summary>
    public string ToMarkdown() => Invariant($"{Seconds} s of each song of {Corpus} that has a near variant; candidates are that stem of ")
        + Invariant($"{Variants} variants, of which the best {Fitted} are fitted.\n\n") + DocumentTable.Of(
        ["", "queries", "first, before", "first, after fitting", "among the fitted", "of these: semitones %", "tempo %", "start %",
            "start in the bar %"],
        PerStem.Append(new("all", All)).Select(row => (string[])
        [
            row.Key, Invariant($"{row.Value.Queries}"), Percent(row.Value.FirstBefore), Percent(row.Value.FirstAfter),
            Percent(row.Value.AmongFitted), Percent(row.Value.Semitones), Percent(row.Value.Ratio), Percent(row.Value.Start),
            Percent(row.Value.StartInBar),
        ])) + Footer();
}

/// <summary>Shares of queries, 0..1; of fits, those of the true variants that were fitted, null if none was.</summary>
internal sealed record FitFigures
{
    [JsonPropertyName("queries")]
    public required int Queries { get; init; }

    [JsonPropertyName("first_before")]
    public required double FirstBefore { get; init; }

    [JsonPropertyName("first_after")]
    public required double FirstAfter { get; init; }

    [JsonPropertyName("among_fitted")]
    public required double AmongFitted { get; init; }

    [JsonPropertyName("semitones")]
    public required double? Semitones { get; init; }

    [JsonPropertyName("ratio")]
    public required double? Ratio { get; init; }

    [JsonPropertyName("start")]
    public required double? Start { get; init; }

    [JsonPropertyName("start_in_bar")]
    public required double? StartInBar { get; init; }

    /// <summary>The figures of at least one query.</summary>
    public static FitFigures Compute(IReadOnlyCollection<FitQuery> queries)
    {
        FitQuery[] fitted = [.. queries.Where(query => query.Fit is not null)];
        double Share(Func<FitQuery, bool> holds) => queries.Average(query => holds(query) ? 1.0 : 0);
        double? OfFitted(Func<FitQuery, bool> holds) => fitted.Length == 0 ? null : fitted.Average(query => holds(query) ? 1.0 : 0);
        return new FitFigures
        {
            Queries = queries.Count,
            FirstBefore = Share(query => query.RankBefore == 1),
            FirstAfter = Share(query => query.RankAfter == 1),
            AmongFitted = Share(query => query.Fit is not null),
            Semitones = OfFitted(query => query.HasSemitones),
            Ratio = OfFitted(query => query.HasRatio),
            Start = OfFitted(query => query.HasStart),
            StartInBar = OfFitted(query => query.HasStartInBar),
        };
    }
}
