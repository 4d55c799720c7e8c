using Spectre.Console;
using static System.FormattableString;

namespace StemJepa.Training.Evaluation;

/// <summary>A report as a table: metrics in per cent, mean and deviation over seeds.</summary>
internal static class ProbeTable
{
    /// <summary>The mark of a task's table in documents; heads that were trained at several speeds have a table of their own.</summary>
    public static string MarkOf(string task, int semitones) => semitones == 0 ? $"probe {task}"
        : Invariant($"probe {task}, {semitones} semitones");

    /// <summary>Formats the table for the terminal.</summary>
    public static Table Create(ProbeReport report)
    {
        Table table = new Table().MarkdownBorder().AddColumns(Columns(report));
        foreach (string[] row in Rows(report))
            table.AddRow(Array.ConvertAll(row, Markup.Escape));
        return table;
    }

    /// <summary>Formats the table for a document, with data set, machine and date.</summary>
    public static string ToMarkdown(ProbeReport report) => $"{Clips(report)}\n\n{DocumentTable.Of(Columns(report), Rows(report))}"
        + DocumentTable.Provenance(report.Measured.Date, report.Measured.Machine, report.Measured.Commit);

    /// <summary>Describes the clips in one sentence.</summary>
    public static string Clips(ProbeReport report) =>
        Invariant($"`{report.Task}`: {report.Clips["test"]} test clips of {report.DataSet}, {report.Clips["train"]} clips to train on, ")
        + Invariant($"{report.Clips["validation"]} to choose heads by")
        + (report.Seconds is { } seconds ? Invariant($"; the first {seconds} s of each") : "")
        + (report.Semitones > 0
            ? Invariant($"; those to train on as they are, and up to {report.Semitones} semitones faster and higher, and slower and lower.")
            : ".");

    /// <summary>How tables and pictures label a row.</summary>
    public static string NameOf(string method, ProbeReport report) => method is ProbeReport.ModelMethod or ProbeReport.ModelMethod
        + ProbeReport.TimePatchesSuffix or ProbeReport.ModelMethod + BeatPeriodicityFeature.NameSuffix
        ? report.ModelName + method[ProbeReport.ModelMethod.Length..]
        : method;

    private static IEnumerable<string> Metrics(ProbeReport report) => report.Methods.Values.First().Metrics.Keys;

    private static string[] Columns(ProbeReport report) =>
        ["", "head", .. Metrics(report).Select(metric => $"{metric.Replace('_', ' ')} %")];

    private static IEnumerable<string[]> Rows(ProbeReport report) => report.Methods.Select(method => new[]
    {
        NameOf(method.Key, report), method.Value.Head ?? "-",
    }.Concat(Metrics(report).Select(metric => Text(method.Value.Metrics[metric]))).ToArray());

    private static string Text(ProbeMetric metric) =>
        metric.Seeds.Count > 1 ? Invariant($"{100 * metric.Mean:F1} ± {100 * metric.Deviation:F1}") : Invariant($"{100 * metric.Mean:F1}");
}
