using System.CommandLine;
using StemJepa.Tool.Audio;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Commands;

/// <summary><c>stemjepa affinity MIX STEM --stem bass</c>: how well one recording fits a mix.</summary>
internal static class AffinityCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> mix = CommonOptions.Mix();
        var candidate = new Argument<string>("STEM") { Description = "The recording that might fit." };
        Option<Stem> stem = CommonOptions.Stem();
        Option<bool> json = CommonOptions.Json();
        Option<string?> model = CommonOptions.Model();
        var command = new Command("affinity", "How well does this recording fit my mix?") { mix, candidate, stem, json, model };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(terminal, parsed.GetRequiredValue(mix),
            parsed.GetRequiredValue(candidate), parsed.GetValue(stem), parsed.GetValue(model), parsed.GetValue(json), cancellationToken)));
        return command;
    }

    private static int Run(
        Terminal terminal, string mix, string candidate, Stem stem, string? modelFolder, bool json, CancellationToken cancellationToken)
    {
        CandidateFiles.Require(mix, "MIX");
        CandidateFiles.Require(candidate, "STEM");
        using IStemAffinity model = CommonOptions.OpenModel(modelFolder);
        var embedder = new FileEmbedder(model, cancellationToken);
        (EmbeddedRecording prediction, EmbeddedRecording recording) = terminal.Track("Listening", 2, progress =>
            (embedder.Predict(mix, stem, progress), embedder.Embed(candidate, progress)));
        terminal.WarnOfSilence([prediction, recording]);

        float affinity = prediction.Embedding.Similarity(recording.Embedding);
        string stemName = CommonOptions.NameOf(stem);
        if (json)
            terminal.WriteJson(new AffinityReport(affinity, stemName, mix, candidate), ToolJsonContext.Default.AffinityReport);
        else
            terminal.Write(Tables.Affinity(affinity, stemName, mix, candidate));
        return ExitCode.Success;
    }
}
