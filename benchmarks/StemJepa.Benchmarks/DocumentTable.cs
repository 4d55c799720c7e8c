using System.Text;

namespace StemJepa.Benchmarks;

/// <summary>Tables of results, as Markdown, between two marks of a document: <c>&lt;!-- MARK --&gt;</c> and <c>&lt;!-- end of MARK --&gt;</c>.</summary>
internal static class DocumentTable
{
    /// <summary>Replaces what is between the marks that the documents have.</summary>
    /// <param name="documents">The Markdown documents.</param>
    /// <param name="tables">Tables and their marks; each document has at least one of them.</param>
    /// <exception cref="StemJepaException">A document has no such marks.</exception>
    public static void Write(IEnumerable<string> documents, params IReadOnlyList<(string Mark, string Table)> tables)
    {
        foreach (string document in documents)
        {
            string text = File.ReadAllText(document), changed = text;
            foreach ((string mark, string table) in tables)
                changed = Replace(changed, mark, table) ?? changed;
            if (tables.All(table => Replace(text, table.Mark, table.Table) is null))
                throw new StemJepaException($"{document}: has no lines <!-- {tables[0].Mark} --> and <!-- end of {tables[0].Mark} -->; put them where the table belongs.");
            AtomicFile.Write(document, stream => stream.Write(Encoding.UTF8.GetBytes(changed)));
        }
    }

    /// <summary>A table of Markdown.</summary>
    public static string Of(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";
        return Line(columns) + Line(columns.Select(_ => "---")) + string.Concat(rows.Select(Line));
    }

    /// <summary>The sentence under a table that says where and when.</summary>
    public static string Provenance(string date, string machine, string commit) => $"\nMeasured on {date}, {machine}, commit `{commit}`.\n";

    /// <summary>The text with another table, or null if it has no such marks.</summary>
    private static string? Replace(string text, string mark, string table)
    {
        string start = $"<!-- {mark} -->", end = $"<!-- end of {mark} -->";
        int from = text.IndexOf(start, StringComparison.Ordinal), to = text.IndexOf(end, StringComparison.Ordinal);
        return from < 0 || to < from ? null : $"{text[..(from + start.Length)]}\n{table.TrimEnd()}\n{text[to..]}";
    }
}
