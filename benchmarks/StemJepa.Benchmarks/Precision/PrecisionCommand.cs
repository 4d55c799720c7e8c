using System.CommandLine;
using StemJepa.Benchmarks.Comparison;
using StemJepa.Export;
using StemJepa.Training.Evaluation;

namespace StemJepa.Benchmarks.Precision;

/// <summary>The command <c>precision</c>: the same weights exported in every way that a processor runs: speed, size, agreement, recall.</summary>
internal static class PrecisionCommand
{
    private const int ShortSeconds = 8, LongSeconds = 300, RepeatsOfShort = 20;

    public static Command Create()
    {
        Option<string> file = MeasurementOptions.Json("precision.json");
        Option<string[]> documents = DocumentTable.Option();
        Option<int> rounds = MeasurementOptions.Rounds(7);
        var from = new Option<string>("--from") { Description = "Weights.", DefaultValueFactory = _ => "training/weights/small.safetensors" };
        Option<string?> fp32 = Retrieval(ExportOptions.Float32), int8 = Retrieval(ExportOptions.Int8);
        var command = new Command("precision", "The same weights in every precision: speed, size, agreement with fp32, recall.") { file, documents, rounds, from, fp32, int8 };
        command.SetAction(async (parsed, cancel) =>
        {
            var recalls = new Dictionary<string, double?> { [ExportOptions.Float32] = Recall(parsed.GetValue(fp32)), [ExportOptions.Int8] = Recall(parsed.GetValue(int8)) };
            IReadOnlyList<PrecisionRow> rows = Measure(parsed.GetRequiredValue(from), recalls, parsed.GetValue(rounds), await Provenance.HereAsync(), cancel);
            string path = parsed.GetRequiredValue(file), table = PrecisionTable.Of(rows);
            Console.WriteLine(table);
            ResultsJson.Write(path, rows);
            DocumentTable.Write(parsed.GetRequiredValue(documents), ("precision.json", table));
            return 0;
        });
        return command;
    }

    private static Option<string?> Retrieval(string precision) =>
        new($"--retrieval-{precision}") { Description = $"Results file of 'evaluate retrieval' for the {precision} export, for the column R@1." };

    private static double? Recall(string? file) => file is null ? null : ResultsFile.ReadFigures(file)["recall@1"];

    private static IReadOnlyList<PrecisionRow> Measure(string weights, Dictionary<string, double?> recalls, int rounds, Provenance here, CancellationToken cancel)
    {
        using var workshop = new Workshop();
        ExportedVariant[] variants = [.. from precision in new[] { ExportOptions.Float32, ExportOptions.Int8 }
                                         from operators in new[] { ModelOperators.Standard, ModelOperators.OnnxRuntime }
                                         select new ExportedVariant(workshop, weights, precision, operators)];
        IReadOnlyList<DemoSong> songs = DemoSongs.Load();
        AudioClip shortClip = Noise.Clip(ShortSeconds * FrontEndSettings.SampleRate), longClip = Noise.Clip(LongSeconds * FrontEndSettings.SampleRate);
        foreach (ExportedVariant variant in variants)
            variant.Hear(songs);
        for (int round = 0; round < rounds; round++)
        {
            foreach (ExportedVariant variant in variants)
            {
                cancel.ThrowIfCancellationRequested();
                variant.Time(shortClip, longClip, RepeatsOfShort);
            }
        }
        return [.. variants.Select(variant => variant.ToRow(variants[0], recalls[variant.Precision], here))];
    }
}
