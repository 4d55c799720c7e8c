using System.CommandLine;
using StemJepa.Tool.Audio;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Commands;

/// <summary><c>stemjepa analyze FILE...</c>: key, tempo, beats and instrument of recordings.</summary>
internal static class AnalyzeCommand
{
    /// <summary>Decimals of printed seconds, beats a minute and probabilities: more than the model knows.</summary>
    private const int Decimals = 4;

    public static Command Create(Terminal terminal)
    {
        var files = new Argument<string[]>("FILE") { Description = "Recordings.", Arity = ArgumentArity.OneOrMore };
        Option<bool> json = CommonOptions.Json();
        json.Description = "Print exactly one JSON document on standard output: an object for one recording, an array for several.";
        Option<string?> model = CommonOptions.Model();
        var command = new Command("analyze", "Key, tempo, beats and instrument of a recording.") { files, json, model };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(terminal, parsed.GetRequiredValue(files), parsed.GetValue(model),
            parsed.GetValue(json), cancellationToken)));
        return command;
    }

    private static int Run(Terminal terminal, string[] files, string? modelFolder, bool json, CancellationToken cancellationToken)
    {
        foreach (string file in files)
            CandidateFiles.Require(file, "FILE");
        using IStemAffinity model = CommonOptions.OpenModel(modelFolder);
        var embedder = new FileEmbedder(model, cancellationToken);
        var analyzed = new List<AnalyzedFile>();
        IReadOnlyList<SkippedFile> skipped = terminal.Track("Listening", files.Length, progress =>
        {
            if (files.Length > 1)
                return embedder.AnalyzeEach(files, progress, (index, analysis) => analyzed.Add(Describe(files[index], analysis)));
            analyzed.Add(Describe(files[0], embedder.Analyze(files[0], progress)));
            return [];
        });
        foreach (AnalyzedFile file in analyzed.Where(file => file.Silent))
            terminal.WriteWarning($"{file.File} is silent, so what is said of it means nothing.");
        terminal.WarnOfSkipped(skipped);
        if (json && files.Length == 1)
            terminal.WriteJson(analyzed[0], ToolJsonContext.Default.AnalyzedFile);
        else if (json)
            terminal.WriteJson<IReadOnlyList<AnalyzedFile>>(analyzed, ToolJsonContext.Default.IReadOnlyListAnalyzedFile);
        else
            terminal.Write(Tables.Analyses(analyzed));
        return skipped.Count == 0 ? ExitCode.Success : ExitCode.BadData;
    }

    private static AnalyzedFile Describe(string file, StemAnalysis analysis) => new(
        file, analysis.Key.ToString(), Math.Round(analysis.KeyConfidence, Decimals), Math.Round(analysis.Tempo, Decimals),
        [.. analysis.Beats.Select(beat => Math.Round(beat, Decimals))], analysis.Instrument, Math.Round(analysis.InstrumentConfidence, Decimals), analysis.IsSilent);
}
