using System.CommandLine;
using StemJepa.Tool.Audio;
using StemJepa.Tool.Indexing;
using StemJepa.Tool.Matching;
using StemJepa.Tool.Options;
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
            Description = "Compare in time (frame-wise), onsets and pitch classes too: for loops and takes that start together with the "
                + "mix.",
        };
        var match = new MatchOptions();
        var fit = new FitOptions();
        Option<bool> json = CommonOptions.Json();
        var model = new ModelOptions();
        var command = new Command("rank", "Which of these recordings fits my mix?")
        {
            mix, candidates, stem, top, inTime, match, fit, json, model,
        };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(terminal,
            match.Read(parsed, parsed.GetRequiredValue(mix)), parsed.GetRequiredValue(candidates), parsed.GetValue(stem),
            parsed.GetValue(top), parsed.GetValue(inTime), fit.Read(parsed), model.Read(parsed, terminal), parsed.GetValue(json),
            cancellationToken)));
        return command;
    }

    private static int Run(
        Terminal terminal, MatchRequest match, string[] given, Stem stem, int? top, bool inTime, FitRequest fit,
        ModelChoice choice, bool json, CancellationToken cancellationToken)
    {
        string mix = match.Mix;
        InputFile.Require(mix, "MIX");
        match.Check();
        fit.Check(mix);
        IReadOnlyList<string> candidates = RecordingFiles.Expand(given, mix);
        if (candidates.Count < 2)
        {
            throw new UsageException(
                $"FILES|FOLDER '{string.Join("' '", given)}' gives {candidates.Count} candidate{(candidates.Count == 1 ? "" : "s")} "
                + "besides the mix; a ranking needs at least two recordings.");
        }

        using IStemAffinity model = choice.Open(stem);
        HashSet<string> named = [mix, .. given];
        MatchedCandidates? matched = match.IsAny
            ? MatchedCandidates.Find(terminal, match, candidates, named, model, choice, cancellationToken)
            : null;
        IReadOnlyList<string> ranked = matched is null ? candidates : [.. matched.Entries.Select(entry => entry.Id)];
        var embedder = new FileEmbedder(model, cancellationToken) { Named = named };
        (EmbeddedRecording prediction, FileBatch batch, IReadOnlyList<RecordingCoherence>? coherences) =
            terminal.Track("Embedding", (matched?.Embeddings is null || inTime ? ranked.Count : 0) + 1, progress =>
            inTime
                ? embedder.CompareInTime(mix, ranked, stem, progress)
                : (embedder.Predict(mix, stem, progress), matched?.ToBatch() ?? embedder.EmbedAll(ranked, progress),
                    (IReadOnlyList<RecordingCoherence>?)null));
        IReadOnlyList<SkippedFile> skipped = [.. matched?.Skipped ?? [], .. batch.Skipped];
        terminal.WarnOfLevels([prediction, .. batch.Embedded]);
        terminal.WarnOfSkipped(skipped);

        AffinityScale? scale = inTime ? null
            : AffinityBackground.TryLoad(model.Model, choice.Folder)?.Scale(prediction.Embedding, stem);
        IReadOnlyList<RankedFile> results = Rank(prediction, batch, coherences, matched, scale);
        if (fit.IsAsked)
        {
            (results, IReadOnlyList<SkippedFile> unfitted) = new FileFitter(terminal, model, choice, cancellationToken)
                .Fit(mix, stem, results, top ?? int.MaxValue, fit.Previews);
            terminal.WarnOfSkipped(unfitted);
            skipped = [.. skipped, .. unfitted];
        }
        var report = new RankReport(stem.Name, mix, [.. results.Take(top ?? results.Count)], skipped)
        {
            MixKey = matched?.Mix.Key?.ToString(),
            MixTempo = matched?.Mix.Tempo,
            LeftOut = matched?.LeftOut,
        };
        if (json)
            terminal.WriteJson(report, RankJson.Default.RankReport);
        else
            terminal.Write(report.ToTable());
        return skipped.Count == 0 ? ExitCode.Success : ExitCode.BadData;
    }

    private static IReadOnlyList<RankedFile> Rank(EmbeddedRecording prediction, FileBatch batch,
        IReadOnlyList<RecordingCoherence>? coherences, MatchedCandidates? matched, AffinityScale? scale)
    {
        float[] scores = coherences is not null ? [.. coherences.Select(coherence => coherence.Score)]
            : [.. batch.Embedded.Select(recording => prediction.Embedding.Similarity(recording.Embedding))];
        Dictionary<string, CatalogEntry>? known = matched?.Entries.ToDictionary(entry => entry.Id);
        MixFacts mix = matched?.Mix ?? new MixFacts(null, null);
        return [.. AffinityOrder.Rank(scores).Select(ranked =>
        {
            string path = batch.Embedded[ranked.Index].Path;
            RankedFile file = coherences?[ranked.Index] is { } coherence
                ? new RankedFile(path, coherence.Affinity) { Coherence = coherence.Score }
                : new RankedFile(path, ranked.Affinity);
            return file.With(known?[path], mix, scale);
        })];
    }
}
