using Spectre.Console;

namespace StemJepa.Reporting;

/// <summary>Tables on the terminal. Headings and cells are plain text, not markup.</summary>
internal static class ConsoleTable
{
    /// <summary>Creates an empty table with these column headings.</summary>
    public static Table Create(params IEnumerable<string> columns)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string column in columns)
            table.AddColumn(new TableColumn(Cell(column)));
        return table;
    }

    /// <summary>A cell, or other text, whose control characters are escaped.</summary>
    public static Text Cell(string text, Style? style = null) => new(PlainText.Escape(text), style);
}
