using System.CommandLine;
using System.Text;

namespace StemJepa.Reporting;

/// <summary>
/// Markdown tables of results between two marks of a document: <c>&lt;!-- MARK --&gt;</c> and <c>&lt;!-- end of MARK --&gt;</c>.
/// </summary>
internal static class DocumentTable
{
    /// <summary>Creates the option <c>--document</c>: the documents that show a command's results.</summary>
    public static Option<string[]> Option() =>
        new("--document")
        {
            Description = "A document whose table is replaced by the results, such as README.md; may be given again.",
            DefaultValueFactory = _ => [],
        };

    /// <summary>Checks, before a long measurement, that each document has at least one of the pairs of marks.</summary>
    /// <exception cref="StemJepaException">A document cannot be read, or has none of them.</exception>
    public static void Check(IEnumerable<string> documents, params IReadOnlyList<string> marks)
    {
        foreach (string document in documents)
        {
            string text = Read(document);
            if (marks.All(mark => Replace(text, mark, "") is null))
                throw new StemJepaException(
                    $"{document}: has no lines <!-- {marks[0]} --> and <!-- end of {marks[0]} -->; put them where the table belongs.");
        }
    }

    /// <summary>Replaces the text between the marks in each document.</summary>
    /// <param name="documents">The Markdown documents.</param>
    /// <param name="tables">The tables and their marks; each document has at least one of them.</param>
    /// <exception cref="StemJepaException">A document cannot be read or written, or has no such marks.</exception>
    public static void Write(IReadOnlyList<string> documents, params IReadOnlyList<(string Mark, string Table)> tables)
    {
        Check(documents, [.. tables.Select(table => table.Mark)]);
        foreach (string document in documents)
        {
            string text = Read(document);
            foreach ((string mark, string table) in tables)
                text = Replace(text, mark, table) ?? text;
            AtomicFile.Write(document, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
        }
    }

    /// <summary>Formats a Markdown table.</summary>
    public static string Of(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";
        return Line(columns) + Line(columns.Select(_ => "---")) + string.Concat(rows.Select(Line));
    }

    /// <summary>Formats the sentence under a table that states date, machine and commit.</summary>
    public static string Provenance(string date, string machine, string commit) => $"\nMeasured on {date}, {machine}, commit `{commit}`.\n";

    private static string Read(string document)
    {
        try
        {
            return File.ReadAllText(document);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException(
                $"{document}: cannot be read ({error.Message.TrimEnd('.')}); name a Markdown document that exists.", error);
        }
    }

    /// <summary>The text with another table, or null if it has no such marks.</summary>
    private static string? Replace(string text, string mark, string table)
    {
        string start = $"<!-- {mark} -->", end = $"<!-- end of {mark} -->";
        int from = text.IndexOf(start, StringComparison.Ordinal), to = text.IndexOf(end, StringComparison.Ordinal);
        return from < 0 || to < from ? null : $"{text[..(from + start.Length)]}\n{table.TrimEnd()}\n{text[to..]}";
    }
}
