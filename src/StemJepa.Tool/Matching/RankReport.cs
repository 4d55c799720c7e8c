using System.Globalization;
using System.Text.Json.Serialization;
using Spectre.Console;
using Spectre.Console.Rendering;
using StemJepa.Tool.Audio;
using StemJepa.Tool.Matching;

namespace StemJepa.Tool.Matching;

/// <summary>The JSON document of <c>stemjepa rank --json</c> and <c>search --json</c>.</summary>
/// <param name="Stem">The missing stem's name.</param>
/// <param name="Mix">The mix, as given.</param>
/// <param name="Results">The candidates, best first.</param>
/// <param name="Skipped">The files that could not be read.</param>
internal sealed record RankReport(string Stem, string Mix, IReadOnlyList<RankedFile> Results, IReadOnlyList<SkippedFile> Skipped)
{
    /// <summary>The key of the mix that was searched by or compared with; null if none was.</summary>
    public string? MixKey { get; init; }

    /// <summary>The tempo of the mix in BPM, as <see cref="MixKey"/>.</summary>
    public double? MixTempo { get; init; }

    /// <summary>How many candidates of <c>rank</c> were left out by their key or tempo; null if that was not asked for.</summary>
    public int? LeftOut { get; init; }

    public IRenderable ToTable()
    {
        (string Heading, Func<RankedFile, string> Cell, bool IsShown)[] columns =
        [
            ("Score", file => Number(file.Fit?.Score, "0.0"), Results.Any(file => file.Fit is not null)),
            ("Fitted", file => Number(file.Fit?.Affinity, "0.000"), Results.Any(file => file.Fit is not null)),
            ("How", file => How(file.Fit), Results.Any(file => file.Fit is not null)),
            ("Coherence", file => Number(file.Coherence, "0.000"), Results.Any(file => file.Coherence is not null)),
            ("Affinity", file => Number(file.Affinity, "0.000"), true),
            ("Fits better than", file => file.Percentile is { } share ? $"{Number(share, "0%")} of {Plural}" : "",
                Results.Any(file => file.Percentile is not null)),
            ("Key", file => file.Key ?? "", Results.Any(file => file.Key is not null)),
            ("Tempo", file => Number(file.Tempo, "0.0"), Results.Any(file => file.Tempo is not null)),
            ("Seconds", file => Number(file.Seconds, "0.0"), Results.Any(file => file.Seconds is not null)),
            ("Why", file => file.Why, Results.Any(file => file.Why.Length > 0)),
            ("Recording", file => file.File, true),
        ];
        columns = [.. columns.Where(column => column.IsShown)];
        Table table = ConsoleTable.Create(["#", .. columns.Select(column => column.Heading)]);
        for (int i = 0; i < Results.Count; i++)
        {
            Style style = i == 0 ? new Style(Color.Green, decoration: Decoration.Bold) : Style.Plain;
            table.AddRow([ConsoleTable.Cell($"{i + 1}", style),
                .. columns.Select(column => ConsoleTable.Cell(column.Cell(Results[i]), style))]);
        }
        string title = $"What fits {Mix} as {Stem}, best first (affinity: -1 to 1)";
        return Note is { } note
            ? new Rows(ConsoleTable.Cell(title), table, ConsoleTable.Cell(note))
            : new Rows(ConsoleTable.Cell(title), table);
    }

    private string? Note => LeftOut > 0
        ? $"{LeftOut} left out: their key or tempo does not match or, without --unknown keep, is not known."
        : Results.Count == 0 ? "No recording matches." : null;

    private string Plural => Stem == "bass" ? "basses" : Stem.EndsWith('s') ? Stem : $"{Stem}s";

    private static string How(FileFit? fit) => fit is null ? "" : string.Create(CultureInfo.InvariantCulture,
        $"{100 * (fit.TempoRatio - 1):+0.0;-0.0;0} % tempo, {fit.Semitones:+0;-0;0} semitones, from {fit.Start:0.00} s");

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RankReport))]
internal sealed partial class RankJson : JsonSerializerContext;
