using MathNet.Numerics.Statistics;
using Spectre.Console;
using StemJepa.Training.Evaluation;
using static System.FormattableString;

namespace StemJepa.Benchmarks.UserPath;

/// <summary>Collects figures of one run.</summary>
internal sealed class FigureList(Provenance here)
{
    private static readonly string[] Columns = ["what", "measured", "aim", "reached"];
    private readonly List<Figure> figures = [];

    /// <summary>What was measured so far.</summary>
    public IReadOnlyList<Figure> All => figures;

    /// <summary>Adds the median of some measurements.</summary>
    public void Add(string name, IEnumerable<double> values, string unit) => Add(name, values, unit, "", _ => null);

    /// <summary>The same, which should be under a limit.</summary>
    public void AddBelow(string name, IEnumerable<double> values, string unit, double limit) =>
        Add(name, values, unit, Invariant($"under {limit:0.##} {unit}").TrimEnd(), value => value < limit);

    /// <summary>The same, which should be no less than a limit.</summary>
    public void AddAtLeast(string name, IEnumerable<double> values, string unit, double limit) =>
        Add(name, values, unit, Invariant($"at least {limit:0.##} {unit}").TrimEnd(), value => value >= limit);

    /// <summary>As a table for the terminal.</summary>
    public Table ToConsole()
    {
        Table table = new Table().AddColumns(Columns);
        foreach (string[] row in Rows())
            table.AddRow([.. row.Select(Markup.Escape)]);
        return table;
    }

    /// <summary>As a table of Markdown, with where and when.</summary>
    public string ToMarkdown() => DocumentTable.Of(Columns, Rows()) + DocumentTable.Provenance(here.Date, here.Machine, here.Commit);

    private void Add(string name, IEnumerable<double> values, string unit, string aim, Func<double, bool?> reached)
    {
        double median = values.Median();
        figures.Add(new Figure(name, Math.Round(median, median < 1 ? 4 : median < 100 ? 2 : 0), unit, aim, reached(median), here.Date, here.Machine, here.Commit));
    }

    private IEnumerable<string[]> Rows() => figures.Select(figure => new[]
    {
        figure.Name, Invariant($"{figure.Value} {figure.Unit}").TrimEnd(), figure.Aim, figure.Reached is { } reached ? reached ? "yes" : "no" : "",
    });
}
