using System.Text.Json.Serialization;
using static System.FormattableString;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// How often a model and the baselines find the time at which a stem belongs: the JSON that <c>evaluate alignment</c> writes.
/// </summary>
internal sealed record AlignmentReport : EvaluationReport<AlignmentReport>
{
    /// <summary>Seconds of mix and candidate, at most; null for whole songs.</summary>
    [JsonPropertyName("window_seconds")]
    public required double? WindowSeconds { get; init; }

    /// <summary>The farthest shift either way, in seconds.</summary>
    [JsonPropertyName("farthest_shift_seconds")]
    public required double FarthestShiftSeconds { get; init; }

    [JsonPropertyName("seed")]
    public required int Seed { get; init; }

    /// <summary>Stems without a query: no time was found at which they and others play, or the song is too short.</summary>
    [JsonPropertyName("skipped")]
    public required int Skipped { get; init; }

    /// <summary>By method, chance first and the model last.</summary>
    [JsonPropertyName("methods")]
    public required IReadOnlyDictionary<string, ShiftResult> Methods { get; init; }

    /// <summary>The same where only shifts up to <see cref="FarthestShiftSeconds"/> are looked at.</summary>
    [JsonPropertyName("near_methods")]
    public required IReadOnlyDictionary<string, ShiftResult> NearMethods { get; init; }

    private string[] Columns =>
    [
        "", "queries", "within a patch %", "within a beat %", "within a bar %", "a patch, modulo beats %", "a patch, modulo bars %",
        .. new[] { "patch", "beat", "bar" }.Select(unit => Invariant($"of shifts up to {FarthestShiftSeconds} s: within a {unit} %")),
    ];

    /// <summary>The figures as a table of Markdown, the model's by stem too.</summary>
    public string ToMarkdown() => DocumentTable.Of(Columns, Methods.SelectMany(Rows)) + Footer();

    private IEnumerable<string[]> Rows(KeyValuePair<string, ShiftResult> method)
    {
        bool isModel = method.Key == ShiftEvaluation.Model;
        ShiftResult near = NearMethods[method.Key];
        yield return Row(isModel ? ModelName : method.Key, method.Value.All, near.All);
        foreach (var (stem, figures) in isModel ? method.Value.PerStem : new Dictionary<string, ShiftFigures>())
            yield return Row($"{ModelName}, {stem}", figures, near.PerStem[stem]);
    }

    private static string[] Row(string name, ShiftFigures figures, ShiftFigures near) =>
    [
        name, Invariant($"{figures.Queries}"), Percent(figures.WithinPatch), Percent(figures.WithinBeat), Percent(figures.WithinBar),
        Percent(figures.WithinPatchModuloBeat), Percent(figures.WithinPatchModuloBar), Percent(near.WithinPatch), Percent(near.WithinBeat),
            Percent(near.WithinBar),
    ];
}
