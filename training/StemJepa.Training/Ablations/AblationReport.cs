using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using StemJepa.Training.Evaluation;
using StemJepa.Training.Training;

namespace StemJepa.Training.Ablations;

/// <summary>What the runs of an ablation reached on the validation songs, among stems of the right kind.</summary>
internal sealed record AblationReport(
    [property: JsonPropertyName("corpus")] string Corpus,
    [property: JsonPropertyName("validation_songs")] int ValidationSongs,
    [property: JsonPropertyName("runs")] IReadOnlyList<AblationReport.Row> Runs,
    [property: JsonPropertyName("measured")] Provenance Measured)
{
    /// <summary>One finished run; recalls and ranks are 0..1.</summary>
    /// <param name="Name">What differs from the first run.</param>
    /// <param name="Steps">Steps of both stages.</param>
    /// <param name="Minutes">Sum of the steps' times, without validation.</param>
    /// <param name="RecallAt1">Averages over time compared, the paper's protocol.</param>
    /// <param name="MeanRank">Mean normalised rank of the same.</param>
    /// <param name="AlignedRecallAt1">Compared moment by moment.</param>
    public sealed record Row(
        [property: JsonPropertyName("name")] string Name,
        [property: JsonPropertyName("steps")] long Steps,
        [property: JsonPropertyName("minutes")] double Minutes,
        [property: JsonPropertyName("recall_at_1")] double RecallAt1,
        [property: JsonPropertyName("mean_normalized_rank")] double MeanRank,
        [property: JsonPropertyName("aligned_recall_at_1")] double AlignedRecallAt1);

    /// <summary>The last row of a finished run's log; null for a run that is not finished.</summary>
    public static Row? Of(AblationRun run, RunFolder folder)
    {
        if (!folder.IsFinished)
            return null;
        IReadOnlyList<LogRow> rows = TrainingLog.Read(folder.LogPath);
        LogRow? last = rows.LastOrDefault();
        return last is { ValidationRecallAt1: { } recall, ValidationMeanRank: { } rank, ValidationAlignedRecallAt1: { } aligned }
            ? new Row(run.Name, last.Step + 1, Math.Round(rows.Sum(row => row.Seconds) / 60, 1), recall, rank, aligned)
            : throw new StemJepaException($"{folder.LogPath}: the last step has no validation figures; the corpus needs songs to validate on.");
    }

    public void Write(Stream stream) => JsonSerializer.Serialize(stream, this, new JsonSerializerOptions { WriteIndented = true });

    public Table ToTable()
    {
        Table table = new Table().MarkdownBorder().AddColumns("", "steps", "minutes", "R@1 %", "mean rank %", "R@1 aligned %");
        foreach (Row run in Runs)
            table.AddRow(Markup.Escape(run.Name), $"{run.Steps}", $"{run.Minutes:F0}", $"{100 * run.RecallAt1:F1}", $"{100 * run.MeanRank:F1}", $"{100 * run.AlignedRecallAt1:F1}");
        return table;
    }
}
