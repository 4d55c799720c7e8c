using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Server;
using StemJepa.Server.Http.Endpoints;
using StemJepa.Server.Http.Forms;
using StemJepa.Server.Work;

namespace StemJepa.Server.Mcp;

/// <summary>The tools of the MCP server. Recordings are paths on this machine. Thread-safe.</summary>
internal sealed class StemTools(StemWorker worker, IndexJob index)
{
    private const string StemText = "The stem that the mix lacks: bass, drums, other, vocals (the lead melody in instrumental music), "
        + "or another that the model knows.";
    private const string MixText = "Path of the mix without that stem.";
    private const string FitText = "Fit so many of the best, 1 to 50, in tempo, key and start: they come first, by all that speaks for "
        + "them then (score), and each takes about a second. 0 fits none.";

    [McpServerTool(Name = "search", Title = "Which recording of my library fits my mix?", ReadOnly = true, OpenWorld = false,
        UseStructuredContent = true)]
    [Description("Finds the recordings of the indexed library that fit a mix as the stem that it lacks, best first.")]
    public Task<SearchDocument> SearchAsync(
        [Description(MixText)] string mix, [Description(StemText)] string stem,
        [Description("How many at most, 1 to 200.")] int top = 10,
        [Description("Only keys that are 'compatible' with the mix's own, the 'same', or a key such as 'A minor'.")] string? key = null,
        [Description("Only tempi this near to the mix's own, in percent, such as 6; half and double count as equal.")] double? tempo = null,
        [Description("Only recordings whose path holds this text, in capitals or not.")] string? text = null,
        [Description("Also recordings that are another stem by the catalogue.")] bool anyStem = false,
        [Description(FitText)] int fit = 0, IProgress<ProgressNotificationValue>? progress = null,
        CancellationToken cancellationToken = default) => Run(async () =>
        {
            Stem missing = Parse(stem);
            RequireFit(fit);
            if (top is < 1 or > 200)
                throw RequestException.Bad($"top {top} is out of range; use 1 to 200.");
            Sound sound = Sound.FromFile(mix);
            MixFacts facts = MixFacts.From(sound.Hints, await worker.AnalyzeAsync(sound, cancellationToken).ConfigureAwait(false));
            CatalogFilter filter = SearchFields.ToFilter(missing, facts, key, tempo, text, anyStem);
            FitRanking<CatalogMatch> found = await worker.SearchAsync(sound, missing, top, filter, fit, new Relay(progress, fit),
                cancellationToken).ConfigureAwait(false);
            AffinityScale? scale = await worker.ScaleAsync(sound, missing, cancellationToken).ConfigureAwait(false);
            return SearchDocument.From(missing, mix, facts, found, top, scale);
        });

    [McpServerTool(Name = "rank", Title = "Which of these recordings fits my mix?", ReadOnly = true, OpenWorld = false,
        UseStructuredContent = true)]
    [Description("Ranks recordings by how well they fit a mix as the stem that it lacks, best first.")]
    public Task<RankDocument> RankAsync(
        [Description(MixText)] string mix,
        [Description("Paths of recordings, or of folders of them; at least two recordings.")] string[] candidates,
        [Description(StemText)] string stem,
        [Description("Compare in time, onsets and pitch classes too: for loops and takes that start together with the mix.")] bool inTime = false,
        [Description(FitText)] int fit = 0,
        IProgress<ProgressNotificationValue>? progress = null, CancellationToken cancellationToken = default) => Run(async () =>
        {
            if (candidates is null || candidates.Append(mix).Any(string.IsNullOrWhiteSpace))
                throw RequestException.Bad("mix or candidates holds an empty path; give paths of recordings, or of folders of them.");
            Stem missing = Parse(stem);
            RequireFit(fit);
            Sound[] sounds = [.. RecordingFiles.Expand(candidates, mix).Select(Sound.FromFile)];
            if (sounds.Length < 2)
                throw RequestException.Bad($"candidates give {sounds.Length} recordings besides the mix; a ranking needs at least two.");
            Sound sound = Sound.FromFile(mix);
            int steps = sounds.Length + Math.Min(fit, sounds.Length);
            Ranking ranking = await worker.RankAsync(sound, sounds, missing, inTime, new Relay(progress, steps), cancellationToken)
                .ConfigureAwait(false);
            FitRanking<RankedSound> fitted = await worker.FitBestAsync(sound, ranking.Results,
                result => result.Candidate, missing, fit, new Relay(progress, steps, sounds.Length), cancellationToken)
                .ConfigureAwait(false);
            return RankDocument.From(missing, mix, fitted, int.MaxValue, ranking.Skipped);
        });

    [McpServerTool(Name = "analyze", Title = "What is this recording?", ReadOnly = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Estimates key, tempo, beats, stem, instrument and loudness of a recording.")]
    public Task<AnalysisDocument> AnalyzeAsync(
        [Description("Path of the recording.")] string recording, CancellationToken cancellationToken = default) => Run(async () =>
            AnalysisDocument.From(recording,
                await worker.AnalyzeAsync(Sound.FromFile(recording), cancellationToken).ConfigureAwait(false)));

    [McpServerTool(Name = "preview", Title = "What does this recording sound like in my mix?", Destructive = false, OpenWorld = false,
        UseStructuredContent = true)]
    [Description(
        "Fits a recording to a mix in tempo, key, start and loudness, and says how; writes what it sounds like to a new WAV file.")]
    public Task<PreviewDocument> PreviewAsync(
        [Description(MixText)] string mix, [Description("Path of the recording that is to fit.")] string candidate,
        [Description(StemText)] string stem,
        [Description(
            "Path of the WAV file to write, which must not exist; left out: nothing is written, and the answer says how it fits.")]
        string? output = null,
        [Description("Write the fitted recording alone, to drag into a project, and not with the mix.")] bool solo = false,
        [Description("Leave its tempo as it is.")] bool noStretch = false,
        [Description("Leave its pitch as it is.")] bool noTranspose = false,
        [Description("Decibels on top of the loudness that is usual for the stem, -60 to 60.")] double gain = 0,
        [Description("Only so many bars of the mix, from where the recording begins.")] int? bars = null,
        CancellationToken cancellationToken = default) => Run(async () =>
        {
            Stem missing = Parse(stem);
            RequireNew(output);
            if (bars is < 1)
                throw RequestException.Bad($"bars {bars} is no number of bars; use 1 or more.");
            if (!(Math.Abs(gain) <= FitRenderOptions.LargestGain))
                throw RequestException.Bad(FormattableString.Invariant(
                    $"gain {gain} is out of range; use -{FitRenderOptions.LargestGain} to {FitRenderOptions.LargestGain} decibels."));
            Fitted fitted = await worker.FitAsync(Sound.FromFile(mix), Sound.FromFile(candidate), missing,
                new StemFitOptions { Stretch = !noStretch, Transpose = !noTranspose }, new FitRenderOptions { GainDecibels = gain },
                cancellationToken).ConfigureAwait(false);
            if (output is not null)
                (solo ? fitted.Rendered.Audio : fitted.Rendered.UnderMix(fitted.Mix, bars)).Save(output);
            return PreviewDocument.From(fitted, output);
        });

    [McpServerTool(Name = "complete", Title = "Complete my mix", Destructive = false, OpenWorld = false, UseStructuredContent = true)]
    [Description(
        "Completes a mix with recordings of the library, stem by stem, each fitted to what is there before; the best arrangements.")]
    public Task<CompleteDocument> CompleteAsync(
        [Description(MixText)] string mix,
        [Description("The stems that it lacks, in the order in which they are looked for.")] string[] stems,
        [Description("Path of the WAV file to write with the best arrangement, which must not exist; left out: nothing is written.")]
        string? output = null,
        [Description("How many arrangements are kept after each stem, 1 to 10.")] int beam = 3,
        [Description("How many recordings are fitted for each of them, 1 to 50.")] int candidates = 8,
        IProgress<ProgressNotificationValue>? progress = null, CancellationToken cancellationToken = default) => Run(async () =>
        {
            Stem[] missing = [.. stems.Select(Parse)];
            if (missing.Length == 0 || missing.Distinct().Count() != missing.Length)
                throw RequestException.Bad("stems names none, or one twice; name at least one, and each once.");
            if (beam is < 1 or > 10 || candidates is < 1 or > 50)
                throw RequestException.Bad("beam or candidates is out of range; use 1 to 10, and 1 to 50.");
            RequireNew(output);
            IReadOnlyList<Arrangement> arrangements = await worker.CompleteAsync(Sound.FromFile(mix), missing,
                new StemCompleterOptions { Beam = beam, Candidates = candidates }, new Relay(progress, missing.Length), cancellationToken)
                .ConfigureAwait(false);
            if (output is not null)
                arrangements[0].Audio.Save(output);
            return CompleteDocument.From(mix, arrangements, null);
        });

    [McpServerTool(Name = "index", Title = "Add a folder to my library", Destructive = false, Idempotent = true, OpenWorld = false,
        UseStructuredContent = true)]
    [Description(
        "Adds the recordings in and below a folder to the library that is searched; those that have not changed are not read again.")]
    public Task<StemIndexReport> IndexAsync(
        [Description("Path of the folder.")] string folder, IProgress<ProgressNotificationValue>? progress = null,
        CancellationToken cancellationToken = default) =>
        Run(() => index.RunAsync(folder, new Relay(progress, 0), cancellationToken));

    [McpServerTool(Name = "library", Title = "What does my library hold?", ReadOnly = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Counts the recordings of the library by stem, and those of known key and tempo.")]
    public Task<CatalogDocument> CountAsync(CancellationToken cancellationToken = default) => Run(async () => CatalogDocument.From(
        await worker.Catalog.CountAllAsync(cancellationToken).ConfigureAwait(false)
            ?? throw RequestException.NotFound("This catalogue does not count what it holds.")));

    /// <summary>Refuses a stem that the model does not know before any work.</summary>
    private Stem Parse(string text)
    {
        Stem stem = StemField.Parse("stem", text);
        worker.Model.LabelOf(stem);
        return stem;
    }

    private static void RequireFit(int fit)
    {
        if (fit is < 0 or > FitRanking.Most)
            throw RequestException.Bad($"fit {fit} is out of range; use 0 to {FitRanking.Most}.");
    }

    /// <summary>
    /// An assistant may mistake a path: nothing of the user's is written over, and what cannot be written is refused before any work.
    /// </summary>
    private static void RequireNew(string? output)
    {
        if (output is null)
            return;
        if (!Path.GetExtension(output).Equals(".wav", StringComparison.OrdinalIgnoreCase))
            throw RequestException.Bad($"output '{output}' is not named as a WAV file; use a name such as preview.wav.");
        if (Path.Exists(output))
            throw RequestException.Bad($"output '{output}' exists; give a new name.");
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(output))))
            throw RequestException.Bad($"output '{output}' lies in a folder that does not exist; create it first.");
    }

    /// <summary>Lets the client see the sentence of what it can mend.</summary>
    private static async Task<T> Run<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception error) when (error is StemJepaException or RequestException or IOException or UnauthorizedAccessException)
        {
            throw new McpException(error.Message, error);
        }
    }

    /// <summary>Tells the client how far a call is.</summary>
    private sealed class Relay(IProgress<ProgressNotificationValue>? progress, int total, int before = 0)
        : IProgress<int>, IProgress<StemIndexProgress>
    {
        public void Report(int value) => progress?.Report(new ProgressNotificationValue { Progress = before + value, Total = total });

        public void Report(StemIndexProgress value) =>
            progress?.Report(new ProgressNotificationValue { Progress = value.Done, Total = value.Total });
    }
}

/// <summary>How a recording was fitted to a mix.</summary>
/// <param name="AffinityBefore">The affinity in time of the recording as it is, starting with the mix, -1..1.</param>
/// <param name="Affinity">The affinity in time of the fitted recording where it lies, -1..1.</param>
/// <param name="Semitones">Its transposition.</param>
/// <param name="TempoRatio">Its new tempo / its old tempo.</param>
/// <param name="Start">Seconds from the mix's first sample to that of the fitted recording; negative: before it.</param>
/// <param name="Rhythm">How well its onsets coincide with the mix's: their correlation, -1..1.</param>
/// <param name="RhythmRelation">The same as a word: tight, loose or apart.</param>
/// <param name="Warnings">A sentence for each recording that is silent or too short, of which a fit says nothing.</param>
/// <param name="Preview">The file that was written; null for none.</param>
internal sealed record PreviewDocument(
    [property: System.Text.Json.Serialization.JsonPropertyName("affinity_before")] float AffinityBefore, float Affinity, int Semitones,
    [property: System.Text.Json.Serialization.JsonPropertyName("tempo_ratio")] double TempoRatio, double Start, float Rhythm,
    [property: System.Text.Json.Serialization.JsonPropertyName("rhythm_relation")] string RhythmRelation, IReadOnlyList<string> Warnings,
    string? Preview)
{
    public static PreviewDocument From(Fitted fitted, string? file)
    {
        StemFit fit = fitted.Rendered.Fit;
        return new PreviewDocument(fit.AffinityBefore, fit.Affinity, fit.Semitones, fit.TempoRatio, fit.Start.TotalSeconds, fit.Rhythm,
            fit.RhythmRelation.ToString().ToLowerInvariant(), fitted.Warnings, file);
    }
}
