using System.Globalization;
using Spectre.Console;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Demo;

/// <summary>The demo's result as a table for musicians: one row for each stem that was taken out.</summary>
internal static class DemoTable
{
    public static Table Create(DemoReport report)
    {
        Table table = ConsoleTable.Create("Song", "Taken out", "The true one came", "Best guess");
        foreach (IGrouping<string, DemoResult> song in report.Results.GroupBy(result => result.Song))
        {
            string title = song.Key;
            foreach (DemoResult result in song)
            {
                table.AddRow(
                    ConsoleTable.Cell(title),
                    ConsoleTable.Cell(Label(result.Stem)),
                    ConsoleTable.Cell($"{Ordinal(result.Rank)} of {report.Songs}", StyleOf(result.Rank)),
                    ConsoleTable.Cell(result.Rank == 1 ? "its own" : result.Best, result.Rank == 1 ? StyleOf(1) : Style.Plain));
                title = "";
            }
            table.AddEmptyRow();
        }
        return table;
    }

    /// <summary>One sentence: how often the true stem came first, beside what guessing would reach.</summary>
    public static string Summarize(DemoReport report)
    {
        int first = report.Results.Count(result => result.Rank == 1);
        return string.Create(CultureInfo.InvariantCulture,
            $"The true stem came first in {first} of {report.Queries} tries (R@1 {100 * report.RecallAt1:0} %); "
            + $"guessing would manage {100.0 / report.Songs:0} %.");
    }

    /// <summary>The stem's name for people: the model's vocals are the lead melody in these songs.</summary>
    public static string Label(string stem) => stem == Stem.Vocals.Name ? "vocals (lead)" : stem;

    private static Style StyleOf(int rank) => rank switch
    {
        1 => new Style(Color.Green),
        <= 3 => new Style(Color.Yellow),
        _ => Style.Plain,
    };

    private static string Ordinal(int number)
    {
        string ending = (number % 100 is >= 11 and <= 13 ? 0 : number % 10) switch
        {
            1 => "st",
            2 => "nd",
            3 => "rd",
            _ => "th",
        };
        return $"{number}{ending}";
    }
}
