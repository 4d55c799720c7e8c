using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Spectre.Console;
using StemJepa.Tool.Audio;
using StemJepa.Tool.Options;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Commands;

/// <summary><c>stemjepa analyze FILE...</c>: key, tempo, beats, stem and instrument of recordings.</summary>
internal static class AnalyzeCommand
{
    /// <summary>Decimals of printed seconds, BPM and probabilities; the model is less precise.</summary>
    private const int Decimals = 4;

    public static Command Create(Terminal terminal)
    {
        var files = new Argument<string[]>("FILE") { Description = "Recordings.", Arity = ArgumentArity.OneOrMore };
        Option<bool> json = CommonOptions.Json();
        json.Description = "Print exactly one JSON document on standard output: an object for one recording, an array for several.";
        var model = new ModelOptions();
        var command = new Command("analyze", "Key, tempo, beats, stem and instrument of a recording.") { files, json, model };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(
            terminal, parsed.GetRequiredValue(files), model.Read(parsed, terminal),
            parsed.GetValue(json), cancellationToken)));
        return command;
    }

    private static int Run(Terminal terminal, string[] files, ModelChoice choice, bool json, CancellationToken cancellationToken)
    {
        foreach (string file in files)
            InputFile.Require(file, "FILE");
        using IStemAffinity model = choice.Open();
        using StemAnalyzer analyzer = choice.OpenAnalyzer(model);
        var embedder = new FileEmbedder(model, cancellationToken, analyzer);
        var analyzed = new List<AnalyzedFile>();
        var overdriven = new List<string>();
        void Add(string file, StemAnalysis analysis)
        {
            analyzed.Add(Describe(file, analysis));
            if (analysis.Embedding.IsBeyondFullScale)
                overdriven.Add(file);
        }
        IReadOnlyList<SkippedFile> skipped = terminal.Track("Analyzing", files.Length, progress =>
        {
            if (files.Length > 1)
                return embedder.AnalyzeEach(files, progress, (index, analysis) => Add(files[index], analysis));
            Add(files[0], embedder.Analyze(files[0], progress));
            return [];
        });
        foreach (AnalyzedFile file in analyzed.Where(file => file.Silent))
            terminal.WarnOfSilent(file.File);
        overdriven.ForEach(terminal.WarnOfOverdriven);
        terminal.WarnOfSkipped(skipped);
        if (json && files.Length == 1)
            terminal.WriteJson(analyzed[0], AnalyzeJson.Default.AnalyzedFile);
        else if (json)
            terminal.WriteJson<IReadOnlyList<AnalyzedFile>>(analyzed, AnalyzeJson.Default.IReadOnlyListAnalyzedFile);
        else
            terminal.Write(CreateTable(analyzed));
        return skipped.Count == 0 ? ExitCode.Success : ExitCode.BadData;
    }

    private static AnalyzedFile Describe(string file, StemAnalysis analysis) => new(
        file, analysis.Key.ToString(), Rounded(analysis.KeyConfidence), Rounded(analysis.Tempo), Rounded(analysis.TempoConfidence),
        [.. analysis.Beats.Select(Rounded)], analysis.Downbeat is { } downbeat ? Rounded(downbeat) : null,
        Rounded(analysis.DownbeatConfidence), analysis.IsLoop, analysis.Loudness is { } loudness ? Rounded(loudness) : null,
        analysis.Stem?.Name, Rounded(analysis.StemConfidence), analysis.Instrument, Rounded(analysis.InstrumentConfidence),
        analysis.IsSilent);

    private static double Rounded(double value) => Math.Round(value, Decimals);

    private static Table CreateTable(IEnumerable<AnalyzedFile> files)
    {
        Table table = ConsoleTable.Create("Key", "Sure", "Tempo", "Sure", "Beats", "Stem", "Sure", "Instrument", "Recording", "Note");
        foreach (AnalyzedFile file in files)
        {
            table.AddRow(ConsoleTable.Cell(file.Key), Share(file.KeyConfidence),
                ConsoleTable.Cell(file.Tempo.ToString("0.0", CultureInfo.InvariantCulture)), Share(file.TempoConfidence),
                ConsoleTable.Cell($"{file.Beats.Count}"),
                ConsoleTable.Cell(file.Stem ?? ""), file.Stem is null ? ConsoleTable.Cell("") : Share(file.StemConfidence),
                ConsoleTable.Cell(file.Instrument),
                ConsoleTable.Cell(file.File), ConsoleTable.Cell(file.Silent ? "silent" : file.Loop ? "loop" : ""));
        }
        return table;

        static Spectre.Console.Rendering.IRenderable Share(double confidence) =>
            ConsoleTable.Cell(confidence.ToString("0%", CultureInfo.InvariantCulture));
    }
}

/// <summary>One file of <c>stemjepa analyze</c>.</summary>
/// <param name="File">The recording, as given.</param>
/// <param name="Key">The likeliest key, such as <c>A minor</c>.</param>
/// <param name="KeyConfidence">Its probability among all keys, 0..1.</param>
/// <param name="Tempo">Tempo in BPM.</param>
/// <param name="TempoConfidence">The probability of tempi within 5 % of it, 0..1.</param>
/// <param name="Beats">The beats in seconds.</param>
/// <param name="Downbeat">The first downbeat in seconds, in bars of four beats; null for fewer than four beats.</param>
/// <param name="DownbeatConfidence">How far it stands out, 0..1.</param>
/// <param name="Loop">Whether the length is a whole number of beats.</param>
/// <param name="Loudness">Integrated loudness in LUFS of the recording as one channel; null if it is too short or too quiet.</param>
/// <param name="Stem">The likeliest stem; null if the model has no head for it.</param>
/// <param name="StemConfidence">Its probability among all stems, 0..1.</param>
/// <param name="Instrument">The likeliest family of instruments.</param>
/// <param name="InstrumentConfidence">Its probability among all families, 0..1.</param>
/// <param name="Silent">Whether nothing in the recording is audible, so that the rest says nothing.</param>
internal sealed record AnalyzedFile(
    string File, string Key, double KeyConfidence, double Tempo, double TempoConfidence, IReadOnlyList<double> Beats, double? Downbeat,
    double DownbeatConfidence, bool Loop, double? Loudness, string? Stem, double StemConfidence, string Instrument,
    double InstrumentConfidence, bool Silent);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(AnalyzedFile))]
[JsonSerializable(typeof(IReadOnlyList<AnalyzedFile>))]
internal sealed partial class AnalyzeJson : JsonSerializerContext;
