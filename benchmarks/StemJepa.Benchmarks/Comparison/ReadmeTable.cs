using System.Globalization;
using System.Text;

namespace StemJepa.Benchmarks.Comparison;

/// <summary>The table of a results file, as Markdown, between two marks of a document.</summary>
internal static class ReadmeTable
{
    private const string Start = "<!-- compare.json -->", End = "<!-- end of compare.json -->";

    /// <summary>The table, with where and when it was measured.</summary>
    public static string Of(IReadOnlyList<ComparisonRow> rows)
    {
        var text = new StringBuilder("| work | threads | ours, ms | rival | rival, ms | times faster | of the limit |\n|---|---|---|---|---|---|---|\n");
        foreach (ComparisonRow row in rows)
        {
            string share = row.OfLimit is { } of ? string.Create(CultureInfo.InvariantCulture, $"{of * 100:0} % ({row.Limit})") : "";
            text.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {row.Threads} | {row.OursMs} | {row.Rival} | {row.RivalMs} | {row.Ratio:0.0#} | {share} |\n");
        }
        ComparisonRow last = rows[^1];
        return text.Append(CultureInfo.InvariantCulture, $"\nMeasured on {last.Date}, {last.Machine}, commit `{last.Commit}`.\n").ToString();
    }

    /// <summary>Replaces what is between the marks.</summary>
    /// <exception cref="StemJepaException">The marks are missing.</exception>
    public static void Write(string document, IReadOnlyList<ComparisonRow> rows)
    {
        string text = File.ReadAllText(document);
        int start = text.IndexOf(Start, StringComparison.Ordinal), end = text.IndexOf(End, StringComparison.Ordinal);
        if (start < 0 || end < start)
            throw new StemJepaException($"{document}: has no lines {Start} and {End}; put them where the table belongs.");
        string changed = text[..(start + Start.Length)] + "\n" + Of(rows) + text[end..];
        AtomicFile.Write(document, stream => stream.Write(Encoding.UTF8.GetBytes(changed)));
    }
}
