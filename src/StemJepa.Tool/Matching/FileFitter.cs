using StemJepa.Tool.Audio;
using StemJepa.Tool.Commands;
using StemJepa.Tool.Options;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Matching;

/// <summary>Fits the best of a ranking to the mix, as many files at once as there are cores.</summary>
internal sealed class FileFitter(Terminal terminal, IStemAffinity model, ModelChoice choice, CancellationToken cancellationToken)
{
    /// <summary>How many previews are written.</summary>
    public const int MostPreviews = 10;

    /// <summary>
    /// Fits the best; those come first, by their scores, and the others as they were. Files that cannot be fitted keep their place
    /// among the others.
    /// </summary>
    /// <exception cref="StemJepaException">The mix cannot be used, the model has no heads, or a preview cannot be written.</exception>
    public (IReadOnlyList<RankedFile> Results, IReadOnlyList<SkippedFile> Skipped) Fit(
        string mix, Stem stem, IReadOnlyList<RankedFile> ranked, int top, string? previews)
    {
        using StemAnalyzer analyzer = choice.OpenAnalyzer(model);
        using var fitter = StemFitter.Create(model, analyzer);
        MultichannelClip mixAudio = AudioFile.LoadChannels(mix, cancellationToken: cancellationToken);
        FitRanking<RankedFile> ranking = terminal.Track("Fitting", Math.Min(FitRanking.Most, ranked.Count), progress =>
        {
            FitMix prepared = fitter.Prepare(mixAudio.ToMono(), stem, cancellationToken);
            return FitRanking<RankedFile>.Create(ranked, FitRanking.Most,
                file => fitter.Fit(prepared, AudioFile.Load(file.File), null, cancellationToken), progress.CompleteItem, cancellationToken);
        });
        StemFit[] fits = [.. ranking.Results.Select(result => result.Fit).OfType<StemFit>()];
        RankedFile[] fitted = [.. ranking.Results.Take(fits.Length)
            .Select(result => result.Candidate with { Fit = FileFit.From(result.Fit!) })];
        terminal.WarnOfFits(mix, fitted.Zip(fits, (file, fit) => (file.File, fit)));
        if (previews is not null)
            fitted = WritePreviews(mix, mixAudio, fitted, fits, Math.Min(top, MostPreviews), previews);
        return ([.. fitted, .. ranking.Results.Skip(fits.Length).Select(result => result.Candidate)],
            [.. ranking.Skipped.Select(file => new SkippedFile(file.Candidate.File, file.Error))]);
    }

    private RankedFile[] WritePreviews(string mix, MultichannelClip mixAudio, RankedFile[] fitted, StemFit[] fits, int count, string folder)
    {
        Directory.CreateDirectory(folder);
        count = Math.Min(count, fitted.Length);
        return terminal.Track("Rendering", count, progress => fitted.Select((file, place) =>
        {
            if (place >= count)
                return file;
            cancellationToken.ThrowIfCancellationRequested();
            string name = $"{place + 1:00} {Path.GetFileNameWithoutExtension(file.File)}";
            string preview = Path.Combine(folder, $"{name} with {Path.GetFileNameWithoutExtension(mix)}.wav");
            string alone = Path.Combine(folder, $"{name}.wav");
            MultichannelClip candidate = AudioFile.LoadChannels(file.File, cancellationToken: cancellationToken);
            FittedAudio rendered = FittedAudio.Render(fits[place], mixAudio, candidate, null, cancellationToken);
            rendered.Audio.Save(alone);
            rendered.UnderMix(mixAudio).Save(preview);
            progress.CompleteItem();
            return file with { Fit = file.Fit! with { Preview = preview, Fitted = alone } };
        }).ToArray());
    }
}

/// <summary>How a candidate of a ranking fits, in its JSON.</summary>
/// <param name="AffinityBefore">The affinity in time of the candidate as it is, -1..1.</param>
/// <param name="Affinity">The affinity in time of the fitted candidate.</param>
/// <param name="Score">How much speaks for the fit in all, by which the fitted are ordered: without bounds or unit.</param>
/// <param name="Semitones">Its transposition.</param>
/// <param name="TempoRatio">Its new tempo / its old tempo.</param>
/// <param name="Start">Seconds from the mix's first sample to that of the fitted candidate; negative: before it.</param>
/// <param name="Rhythm">How well its onsets coincide with the mix's: their correlation, -1..1.</param>
/// <param name="RhythmRelation">The same as a word: tight, loose or apart.</param>
internal sealed record FileFit(
    float AffinityBefore, float Affinity, double Score, int Semitones, double TempoRatio, double Start, double Rhythm,
    string RhythmRelation)
{
    /// <summary>The mix with the candidate, a WAV file; null if none was written.</summary>
    public string? Preview { get; init; }

    /// <summary>The fitted candidate alone, a WAV file; null if none was written.</summary>
    public string? Fitted { get; init; }

    public static FileFit From(StemFit fit) =>
        new(fit.AffinityBefore, fit.Affinity, Math.Round(fit.Score, 4), fit.Semitones, Math.Round(fit.TempoRatio, 5),
            Math.Round(fit.Start.TotalSeconds, 4), Math.Round(fit.Rhythm, 4), fit.RhythmRelation.ToString().ToLowerInvariant());
}
