using Spectre.Console;

namespace StemJepa.Training.Evaluation.Probes;

/// <summary>A report as a table in Markdown's form.</summary>
internal static class ProbeTable
{
    /// <summary>Metrics in per cent, mean and deviation over seeds.</summary>
    public static Table Of(ProbeReport report)
    {
        string[] metrics = [.. report.Methods.Values.First().Metrics.Keys];
        Table table = new Table().MarkdownBorder().AddColumns(["", "head", .. metrics.Select(metric => $"{metric.Replace('_', ' ')} %")]);
        foreach (var (method, result) in report.Methods)
            table.AddRow([Markup.Escape(NameOf(method, report)), result.Head ?? "-", .. metrics.Select(metric => Text(result.Metrics[metric]))]);
        return table;
    }

    /// <summary>How tables and pictures label a row.</summary>
    public static string NameOf(string method, ProbeReport report) => method is ProbeReport.ModelMethod or ProbeReport.ModelMethod + ProbeReport.ColumnsSuffix or ProbeReport.ModelMethod + ProbeReport.BeatsSuffix
        ? report.ModelName + method[ProbeReport.ModelMethod.Length..]
        : method;

    private static string Text(ProbeMetric metric) => metric.Seeds.Count > 1 ? $"{100 * metric.Mean:F1} ± {100 * metric.Deviation:F1}" : $"{100 * metric.Mean:F1}";
}
