using System.Text.Json;
using System.Text.Json.Serialization;
using static System.FormattableString;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// How often a model tells stems that belong together from others: what <c>evaluate coherence</c> writes. Keys of the inner dictionaries
/// are K.
/// </summary>
internal sealed record CoherenceReport : EvaluationReport<CoherenceReport>
{
    /// <summary>One way in which the model's output is used: by the mean over time, patch by patch, by mean and rhythm, by patches at
    /// three speeds, and by these, onsets and pitch classes.</summary>
    internal sealed record Comparisons(
        [property: JsonPropertyName("mean")] IReadOnlyDictionary<int, CoherenceFigures> Mean,
        [property: JsonPropertyName("in_time")] IReadOnlyDictionary<int, CoherenceFigures> InTime,
        [property: JsonPropertyName("with_rhythm"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        IReadOnlyDictionary<int, CoherenceFigures>? WithRhythm = null,
        [property: JsonPropertyName("at_three_speeds"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        IReadOnlyDictionary<int, CoherenceFigures>? AtSpeeds = null,
        [property: JsonPropertyName("with_onsets_and_pitch_classes"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        IReadOnlyDictionary<int, CoherenceFigures>? WithSound = null);

    /// <summary>All figures of one rule for distractors.</summary>
    internal sealed record Section(
        [property: JsonPropertyName("label_known")] Comparisons LabelKnown,
        [property: JsonPropertyName("label_unknown")] Comparisons LabelUnknown,
        [property: JsonPropertyName("baselines")] IReadOnlyDictionary<string, IReadOnlyDictionary<int, CoherenceFigures>> Baselines);

    /// <summary>The songs from which pairs may be drawn.</summary>
    [JsonPropertyName("songs")]
    public required int Songs { get; init; }

    /// <summary>Length of a chunk.</summary>
    [JsonPropertyName("seconds")]
    public required double Seconds { get; init; }

    /// <summary>Pairs that ask.</summary>
    [JsonPropertyName("pairs")]
    public required int Pairs { get; init; }

    [JsonPropertyName("seed")]
    public required int Seed { get; init; }

    /// <summary>What is drawn as a whole for the intervals.</summary>
    [JsonPropertyName("interval_over")]
    public required string IntervalOver { get; init; }

    /// <summary>
    /// Accuracies by K with distractors from anywhere, labels known, compared in time: like <see cref="Baselines"/>, read off <see
    /// cref="ByDistractors"/>.
    /// </summary>
    [JsonPropertyName("accuracy")]
    public IReadOnlyDictionary<int, double> Accuracy => Accuracies(ByDistractors[NameOf(DistractorRule.Any)].LabelKnown.InTime);

    [JsonPropertyName("baselines")]
    public IReadOnlyDictionary<string, IReadOnlyDictionary<int, double>> Baselines =>
        ByDistractors[NameOf(DistractorRule.Any)].Baselines.ToDictionary(
            row => row.Key, row => (IReadOnlyDictionary<int, double>)Accuracies(row.Value));

    [JsonPropertyName("by_distractors")]
    public required IReadOnlyDictionary<string, Section> ByDistractors { get; init; }

    /// <summary>Published accuracies by data set, system and K: not measured by us, and not on our songs.</summary>
    [JsonPropertyName("published")]
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, IReadOnlyDictionary<int, double>>> Published { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, IReadOnlyDictionary<int, double>>>
        {
            ["Slakh2100"] = PublishedRows([0.877, 0.833, 0.724], [0.793, 0.716, 0.558]),
            ["MoisesDB"] = PublishedRows([0.868, 0.815, 0.709], [0.758, 0.644, 0.418]),
        };

    /// <summary>The name of a rule in the JSON.</summary>
    public static string NameOf(DistractorRule rule) => JsonNamingPolicy.SnakeCaseLower.ConvertName(rule.ToString());

    /// <summary>The figures as tables of Markdown: all scores, and by kind the model's with labels known, in time.</summary>
    public string ToMarkdown()
    {
        int[] candidates = [.. Accuracy.Keys];
        string[] columns = [.. candidates.Select(count => Invariant($"K = {count} %"))];
        return Invariant($"{Pairs} pairs of {Seconds} s, {Songs} songs of `{Corpus}`, {ModelName}; ")
            + $"in brackets 95 % intervals over {IntervalOver}.\n\n"
            + DocumentTable.Of(["distractors", "", .. columns], ByDistractors.SelectMany(section => Rows(section.Value).Select(row =>
                (string[])[Text(section.Key), row.Name, .. candidates.Select(count => Cell(row.Figures, count))]))
                .Concat(PublishedCells(candidates)))
            + "\nBy the stem that is sought, where it is one alone (label known, in time):\n\n"
            + DocumentTable.Of(["distractors", "stem", .. columns],
                ByDistractors.SelectMany(section => PartRows(section, figures => figures.ByKind, candidates)))
            + BySong(columns, candidates)
            + Footer();
    }

    private static IEnumerable<(string Name, IReadOnlyDictionary<int, CoherenceFigures> Figures)> Rows(Section section) =>
    [
        .. section.Baselines.Select(row => (row.Key, row.Value)),
        ("model, label unknown, mean", section.LabelUnknown.Mean), ("model, label unknown, in time", section.LabelUnknown.InTime),
        ("model, label known, mean", section.LabelKnown.Mean), ("**model, label known, in time**", section.LabelKnown.InTime),
        .. new[]
        {
            ("model, label known, mean and rhythm", section.LabelKnown.WithRhythm),
            ("model, label known, in time at three speeds", section.LabelKnown.AtSpeeds),
            ($"**model, label known, in time{(section.LabelKnown.AtSpeeds is null ? "" : " at three speeds")}, "
                + "with onsets and pitch classes**", section.LabelKnown.WithSound),
        }.Where(row => row.Item2 is not null).Select(row => (row.Item1, row.Item2!)),
    ];

    private string BySong(string[] columns, int[] candidates)
    {
        string[][] rows = [.. ByDistractors.SelectMany(section => PartRows(section, figures => figures.BySong, candidates))];
        return rows.Length == 0 ? ""
            : "\nBy song (label known, in time):\n\n" + DocumentTable.Of(["distractors", "song", .. columns], rows);
    }

    private static IEnumerable<string[]> PartRows(KeyValuePair<string, Section> section,
        Func<CoherenceFigures, IReadOnlyDictionary<string, CoherenceFigures>?> parts, int[] candidates)
    {
        (int Count, IReadOnlyDictionary<string, CoherenceFigures> Parts)[] known = [.. section.Value.LabelKnown.InTime
            .Select(row => (row.Key, parts(row.Value)!)).Where(row => row.Item2 is not null)];
        return known.SelectMany(row => row.Parts.Keys).Distinct().Order().Select(part => (string[])
        [
            Text(section.Key), part, .. candidates.Select(count => Cell(
                known.Where(row => row.Parts.ContainsKey(part)).ToDictionary(row => row.Count, row => row.Parts[part]), count,
                withQueries: true)),
        ]);
    }

    private IEnumerable<string[]> PublishedCells(int[] candidates) => Published.SelectMany(set => set.Value.Select(row => (string[])
    [
        "within the batch", $"published, {set.Key}: {row.Key}",
        .. candidates.Select(count => row.Value.TryGetValue(count, out double share) ? Invariant($"{100 * share:F1}") : "-"),
    ]));

    private static string Text(string rule) => rule.Replace('_', ' ');

    private static string Cell(IReadOnlyDictionary<int, CoherenceFigures> figures, int count, bool withQueries = false)
    {
        if (!figures.TryGetValue(count, out CoherenceFigures? row))
            return "-";
        string share = Invariant($"{100 * row.Accuracy:F1} ({100 * row.Interval[0]:F0}-{100 * row.Interval[1]:F0})");
        return withQueries ? Invariant($"{share} of {row.Queries}") : share;
    }

    private static Dictionary<int, double> Accuracies(IReadOnlyDictionary<int, CoherenceFigures> figures) =>
        figures.ToDictionary(row => row.Key, row => row.Value.Accuracy);

    private static Dictionary<string, IReadOnlyDictionary<int, double>> PublishedRows(double[] phalar, double[] cocola)
    {
        static Dictionary<int, double> Row(double[] shares) => new() { [8] = shares[0], [16] = shares[1], [64] = shares[2] };
        return new Dictionary<string, IReadOnlyDictionary<int, double>> { ["phalar"] = Row(phalar), ["cocola"] = Row(cocola) };
    }
}
