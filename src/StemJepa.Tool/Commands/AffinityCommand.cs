using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Spectre.Console;
using StemJepa.Tool.Audio;
using StemJepa.Tool.Options;
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
        var model = new ModelOptions();
        var command = new Command("affinity", "How well does this recording fit my mix?") { mix, candidate, stem, json, model };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(terminal, parsed.GetRequiredValue(mix),
            parsed.GetRequiredValue(candidate), parsed.GetValue(stem), model.Read(parsed, terminal), parsed.GetValue(json),
            cancellationToken)));
        return command;
    }

    private static int Run(
        Terminal terminal, string mix, string candidate, Stem stem, ModelChoice choice, bool json, CancellationToken cancellationToken)
    {
        InputFile.Require(mix, "MIX");
        InputFile.Require(candidate, "STEM");
        using IStemAffinity model = choice.Open(stem);
        var embedder = new FileEmbedder(model, cancellationToken);
        (EmbeddedRecording prediction, EmbeddedRecording recording) = terminal.Track("Embedding", 2, progress =>
            (embedder.Predict(mix, stem, progress), embedder.Embed(candidate, progress)));
        terminal.WarnOfLevels([prediction, recording]);

        float affinity = prediction.Embedding.Similarity(recording.Embedding);
        var report = new AffinityReport(affinity, stem.Name, mix, candidate);
        if (json)
            terminal.WriteJson(report, AffinityJson.Default.AffinityReport);
        else
            terminal.Write(report.ToTable());
        return ExitCode.Success;
    }
}

/// <summary>The JSON document of <c>stemjepa affinity --json</c>.</summary>
/// <param name="Affinity">Cosine, -1..1.</param>
/// <param name="Stem">The missing stem's name.</param>
/// <param name="Mix">The mix, as given.</param>
/// <param name="Candidate">The candidate, as given.</param>
internal sealed record AffinityReport(float Affinity, string Stem, string Mix, string Candidate)
{
    public Table ToTable()
    {
        Table table = ConsoleTable.Create("Affinity", "Stem", "Mix", "Candidate");
        table.AddRow(ConsoleTable.Cell(Affinity.ToString("0.000", CultureInfo.InvariantCulture)), ConsoleTable.Cell(Stem),
            ConsoleTable.Cell(Mix), ConsoleTable.Cell(Candidate));
        return table;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(AffinityReport))]
internal sealed partial class AffinityJson : JsonSerializerContext;
