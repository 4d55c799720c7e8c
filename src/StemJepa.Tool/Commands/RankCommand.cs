using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Spectre.Console;
using Spectre.Console.Rendering;
using StemJepa.Tool.Audio;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Commands;

/// <summary><c>stemjepa rank MIX FILES|FOLDER --stem bass</c>: which of these recordings fits a mix best.</summary>
internal static class RankCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> mix = CommonOptions.Mix();
        var candidates = new Argument<string[]>("FILES|FOLDER")
        {
            Description = "At least two recordings; a folder stands for every recording in it and below, except the mix.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<Stem> stem = CommonOptions.Stem();
        Option<int?> top = CommonOptions.Top("Show only the best N.");
        var inTime = new Option<bool>("--in-time")
        {
            Description = "Compare in time (frame-wise): for loops and takes that start together with the mix.",
        };
        Option<bool> json = CommonOptions.Json();
        var model = new ModelOptions();
        var command = new Command("rank", "Which of these recordings fits my mix?") { mix, candidates, stem, top, inTime, json, model };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(terminal, parsed.GetRequiredValue(mix),
            parsed.GetRequiredValue(candidates), parsed.GetValue(stem), parsed.GetValue(top), parsed.GetValue(inTime),
            model.Read(parsed, terminal), parsed.GetValue(json),
            cancellationToken)));
        return command;
    }

    private static int Run(
        Terminal terminal, string mix, string[] given, Stem stem, int? top, bool inTime, ModelChoice choice, bool json,
        CancellationToken cancellationToken)
    {
        CandidateFiles.Require(mix, "MIX");
        IReadOnlyList<string> candidates = CandidateFiles.Expand(given, mix);
        if (candidates.Count < 2)
        {
            throw new UsageException(
                $"FILES|FOLDER '{string.Join("' '", given)}' gives {candidates.Count} candidate{(candidates.Count == 1 ? "" : "s")} "
                + "besides the mix; a ranking needs at least two recordings.");
        }

        using IStemAffinity model = choice.Open();
        var embedder = new FileEmbedder(model, cancellationToken) { Named = [mix, .. given] };
        (EmbeddedRecording prediction, FileBatch batch, IReadOnlyList<float>? affinities) =
            terminal.Track("Embedding", candidates.Count + 1, progress =>
            inTime
                ? embedder.CompareInTime(mix, candidates, stem, progress)
                : (embedder.Predict(mix, stem, progress), embedder.EmbedAll(candidates, progress), (IReadOnlyList<float>?)null));
        terminal.WarnOfLevels([prediction, .. batch.Embedded]);
        terminal.WarnOfSkipped(batch.Skipped);

        IReadOnlyList<RankedFile> results = Rank(prediction, batch, affinities, top);
        var report = new RankReport(StemNames.NameOf(stem), mix, results, batch.Skipped);
        if (json)
            terminal.WriteJson(report, RankJson.Default.RankReport);
        else
            terminal.Write(report.ToTable());
        return batch.Skipped.Count == 0 ? ExitCode.Success : ExitCode.BadData;
    }

    private static IReadOnlyList<RankedFile> Rank(EmbeddedRecording prediction, FileBatch batch, IReadOnlyList<float>? affinities, int? top)
    {
        affinities ??= [.. batch.Embedded.Select(recording => prediction.Embedding.Similarity(recording.Embedding))];
        return [.. AffinityOrder.Rank([.. affinities]).Take(top ?? affinities.Count)
            .Select(ranked => new RankedFile(batch.Embedded[ranked.Index].Path, ranked.Affinity))];
    }
}

/// <summary>The JSON document of <c>stemjepa rank --json</c>.</summary>
/// <param name="Stem">The missing stem's name.</param>
/// <param name="Mix">The mix, as given.</param>
/// <param name="Results">The candidates, best first.</param>
/// <param name="Skipped">The files that could not be read.</param>
internal sealed record RankReport(string Stem, string Mix, IReadOnlyList<RankedFile> Results, IReadOnlyList<SkippedFile> Skipped)
{
    public IRenderable ToTable()
    {
        Table table = ConsoleTable.Create("#", "Affinity", "Recording");
        for (int i = 0; i < Results.Count; i++)
        {
            Style style = i == 0 ? new Style(Color.Green, decoration: Decoration.Bold) : Style.Plain;
            RankedFile ranked = Results[i];
            table.AddRow(ConsoleTable.Cell($"{i + 1}", style),
                ConsoleTable.Cell(ranked.Affinity.ToString("0.000", CultureInfo.InvariantCulture), style),
                ConsoleTable.Cell(ranked.File, style));
        }
        return new Rows(ConsoleTable.Cell($"What fits {Mix} as {Stem}, best first (affinity: -1 to 1)"), table);
    }
}

/// <summary>One candidate of <c>stemjepa rank</c>.</summary>
/// <param name="File">Its path, as given or as found under the folder that was given.</param>
/// <param name="Affinity">Cosine, -1..1.</param>
internal sealed record RankedFile(string File, float Affinity);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(RankReport))]
internal sealed partial class RankJson : JsonSerializerContext;
