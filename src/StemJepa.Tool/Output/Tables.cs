using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace StemJepa.Tool.Output;

/// <summary>The tables that people read; scripts read the JSON.</summary>
internal static class Tables
{
    public static Table Affinity(float affinity, string stem, string mix, string candidate)
    {
        Table table = ConsoleTable.Create("Affinity", "Stem", "Mix", "Candidate");
        table.AddRow(Number(affinity), new Text(stem), new Text(mix), new Text(candidate));
        return table;
    }

    public static IRenderable Ranking(RankReport report)
    {
        Table table = ConsoleTable.Create("#", "Affinity", "Recording");
        for (int i = 0; i < report.Results.Count; i++)
        {
            Style style = i == 0 ? new Style(Color.Green, decoration: Decoration.Bold) : Style.Plain;
            RankedFile ranked = report.Results[i];
            table.AddRow(new Text($"{i + 1}", style), new Text(Format(ranked.Affinity), style), new Text(ranked.File, style));
        }
        return new Rows(new Text($"What fits {report.Mix} as {report.Stem}, best first (affinity: -1 to 1)"), table);
    }

    public static Table Embeddings(IEnumerable<EmbeddedFile> files)
    {
        Table table = ConsoleTable.Create("Seconds", "Recording", "Embedding", "Note");
        foreach (EmbeddedFile file in files)
        {
            table.AddRow(new Text(file.Seconds.ToString("0.00", CultureInfo.InvariantCulture)), new Text(file.File),
                new Text(file.Embedding), new Text(file.Silent ? "silent" : ""));
        }
        return table;
    }

    public static Table Statistics(StatsReport report)
    {
        Table table = ConsoleTable.Create("Catalogue", report.Catalogue);
        void Row(string name, FormattableString value) => table.AddRow(new Text(name), new Text(FormattableString.Invariant(value)));
        Row("Model", $"{report.Model}, {report.EmbeddingLength} values, {report.Precision}");
        Row("Recordings", $"{report.Recordings}");
        foreach ((string stem, int count) in report.Stems)
            Row($"  {stem}", $"{count}");
        Row("Hours", $"{report.Hours:0.00}");
        Row("Tempo known", $"{report.KnownTempo}");
        Row("Key known", $"{report.KnownKey}");
        Row("Silent", $"{report.Silent}");
        Row("Megabytes", $"{report.Bytes / 1e6:0.0}");
        Row("Segments", $"{report.Segments}, {report.Dead} replaced recordings in them");
        return table;
    }

    public static Table Alignment(AlignReport report)
    {
        Table table = ConsoleTable.Create("Starts", "Affinity", "Sharpness", "Stem", "Mix", "Candidate");
        string starts = string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(report.BestShift):0.00} s {(report.BestShift < 0 ? "before the mix" : "into the mix")}");
        table.AddRow(new Text(starts), Number(report.Affinity), new Text(report.Sharpness.ToString("0.0", CultureInfo.InvariantCulture)),
            new Text(report.Stem), new Text(report.Mix), new Text(report.Candidate));
        return table;
    }

    public static Table Analyses(IEnumerable<AnalyzedFile> files)
    {
        Table table = ConsoleTable.Create("Key", "Sure", "Tempo", "Beats", "Instrument", "Recording", "Note");
        foreach (AnalyzedFile file in files)
        {
            table.AddRow(new Text(file.Key), new Text(file.KeyConfidence.ToString("0%", CultureInfo.InvariantCulture)),
                new Text(file.Tempo.ToString("0.0", CultureInfo.InvariantCulture)), new Text($"{file.Beats.Count}"), new Text(file.Instrument),
                new Text(file.File), new Text(file.Silent ? "silent" : ""));
        }
        return table;
    }

    public static Table Bench(BenchReport report)
    {
        Table table = ConsoleTable.Create("What", "Value", "Unit");
        void Row(string what, double value, string unit) =>
            table.AddRow(new Text(what), new Text(value.ToString("0.####", CultureInfo.InvariantCulture)), new Text(unit));
        Row("Windows of 8 s", report.ClipsPerSecond, "per second");
        Row("Real-time factor", report.RealTimeFactor, "seconds of work for a second of audio");
        Row("One clip of 8 s, median", report.P50Ms, "ms");
        Row("One clip of 8 s, 99 of 100", report.P99Ms, "ms");
        Row("Cold start to the first embedding", report.ColdStartMs, "ms");
        Row("Peak memory", report.PeakMemoryMb, "MB");
        return table;
    }

    private static Text Number(float affinity) => new(Format(affinity));

    private static string Format(float affinity) => affinity.ToString("0.000", CultureInfo.InvariantCulture);
}
