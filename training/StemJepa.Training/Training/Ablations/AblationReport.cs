using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using StemJepa.Training.Evaluation;
using static System.FormattableString;

namespace StemJepa.Training.Training;

/// <summary>
/// Figures of the runs of an ablation on the validation songs, among stems of the right kind. The file grows run by run, over days and
/// machines.
/// </summary>
internal sealed record AblationReport(
    [property: JsonPropertyName("corpus")] string Corpus,
    [property: JsonPropertyName("training_songs")] int TrainingSongs,
    [property: JsonPropertyName("validation_songs")] int ValidationSongs,
    [property: JsonPropertyName("runs")] IReadOnlyList<AblationReport.Row> Runs)
{
    /// <summary>The mark of the table in documents.</summary>
    public const string Mark = "ablations.json";

    private static readonly string[] Columns = ["", "steps", "minutes", "R@1 %", "mean rank %", "R@1 aligned %"];

    /// <summary>One finished run; recalls and ranks are 0..1.</summary>
    /// <param name="Name">The difference from the first run.</param>
    /// <param name="Settings">The SHA-256 of its configuration, by which a finished run is recognised.</param>
    /// <param name="Steps">Steps of both stages.</param>
    /// <param name="Minutes">Sum of the steps' times, without validation.</param>
    /// <param name="RecallAt1">Averages over time compared, the paper's protocol.</param>
    /// <param name="MeanRank">Mean normalised rank of the same.</param>
    /// <param name="AlignedRecallAt1">Compared in time (frame-wise).</param>
    /// <param name="Measured">Where and when it was trained.</param>
    public sealed record Row(
        [property: JsonPropertyName("name")] string Name,
        [property: JsonPropertyName("settings")] string Settings,
        [property: JsonPropertyName("steps")] long Steps,
        [property: JsonPropertyName("minutes")] double Minutes,
        [property: JsonPropertyName("recall_at_1")] double RecallAt1,
        [property: JsonPropertyName("mean_normalized_rank")] double MeanRank,
        [property: JsonPropertyName("aligned_recall_at_1")] double AlignedRecallAt1,
        [property: JsonPropertyName("measured")] Provenance Measured);

    /// <summary>The figures in a file; null if there is none.</summary>
    /// <exception cref="StemJepaException">The file holds something else.</exception>
    public static AblationReport? Read(string file)
    {
        if (!File.Exists(file))
            return null;
        try
        {
            AblationReport? report = JsonSerializer.Deserialize<AblationReport>(File.ReadAllText(file));
            return report is { Corpus: not null, Runs: not null }
                && report.Runs.All(row => row is { Name: not null, Settings: not null, Measured: not null })
                ? report
                : throw new JsonException("'corpus' or 'runs' is missing");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException($"{file}: not figures of ablations ({error.Message.TrimEnd('.')}); choose another --json.", error);
        }
    }

    /// <summary>The figures of a run that is finished: the last row of its log.</summary>
    public static Row ReadRow(AblationRun run, RunFolder folder, Provenance measured)
    {
        IReadOnlyList<LogRow> rows = TrainingLog.Read(folder.LogPath);
        LogRow? last = rows.LastOrDefault();
        return last is { ValidationRecallAt1: { } recall, ValidationMeanRank: { } rank, ValidationAlignedRecallAt1: { } aligned }
            ? new Row(run.Name, Hash(run.Settings), last.Step + 1, Math.Round(rows.Sum(row => row.Seconds) / 60, 1), recall, rank, aligned,
                measured)
            : throw new StemJepaException(
                $"{folder.LogPath}: the last step has no validation figures; the corpus needs songs to validate on.");
    }

    /// <summary>The figures of a run, if it is among the finished ones.</summary>
    public Row? Find(AblationRun run) => Runs.FirstOrDefault(row => row.Name == run.Name && row.Settings == Hash(run.Settings));

    /// <summary>The same report with the rows of a plan's runs, in the plan's order, and <paramref name="added"/> among them.</summary>
    public AblationReport With(Row added, IReadOnlyList<AblationRun> plan)
    {
        AblationReport all = this with { Runs = [.. Runs, added] };
        return this with { Runs = [.. plan.Select(all.Find).OfType<Row>()] };
    }

    public void Write(Stream stream) => JsonSerializer.Serialize(stream, this, new JsonSerializerOptions { WriteIndented = true });

    public Table ToTable()
    {
        Table table = new Table().MarkdownBorder().AddColumns(Columns);
        foreach (string[] cells in Cells())
            table.AddRow([.. cells.Select(Markup.Escape)]);
        return table;
    }

    /// <summary>The table for a document, with where and when its rows were measured.</summary>
    public string ToMarkdown()
    {
        IEnumerable<string> measured = Runs.Select(run => run.Measured).Distinct()
            .Select(at => DocumentTable.Provenance(at.Date, at.Machine, at.Commit));
        return $"{TrainingSongs} songs of `{Corpus}`, {ValidationSongs} others to validate on.\n\n"
            + DocumentTable.Of(Columns, Cells()) + string.Concat(measured);
    }

    private IEnumerable<string[]> Cells() => Runs.Select(run => (string[])
        [run.Name, Invariant($"{run.Steps}"), Invariant($"{run.Minutes:F0}"), Invariant($"{100 * run.RecallAt1:F1}"),
            Invariant($"{100 * run.MeanRank:F1}"), Invariant($"{100 * run.AlignedRecallAt1:F1}")]);

    private static string Hash(TrainingSettings settings) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(settings, RunFolder.Json)));
}
