namespace StemJepa;

/// <summary>A way to fit a candidate with what speaks for it.</summary>
/// <param name="Trial">The way.</param>
/// <param name="Rhythm">How well onsets coincide, as a part of the best one's strength.</param>
/// <param name="Harmony">How well pitch classes go together; 0 for drums.</param>
internal readonly record struct FitEvidence(FitTrial Trial, double Rhythm, HarmonyMatch Harmony)
{
    /// <summary>Weights, found on demo songs' stems that were moved: see docs/guide/preview.md.</summary>
    private const double RhythmWeight = 1, InTimeWeight = 1, MeanWeight = 0.3, StretchWeight = 0.3, AffinityWeight = 1;

    /// <summary>Without the model.</summary>
    public double Strength => RhythmWeight * Rhythm + InTimeWeight * Harmony.InTime + MeanWeight * Harmony.Mean
        - StretchWeight * Math.Abs(Math.Log(Trial.Ratio));

    /// <summary>With the affinity that the model gives.</summary>
    public double With(float affinity) => Strength + AffinityWeight * affinity;
}

/// <summary>
/// Finds the few ways to fit a candidate that are worth the model's time: tempo and start from the onsets that both have in common, over
/// all tempi that are allowed, and for the best of these each transposition by the pitch classes that sound together. Tempo and key as the
/// analysis estimates them are too coarse for this: half a percent of tempo is a beat after a minute and a half. Thread-safe.
/// </summary>
internal sealed class FitSearch(FitMix mix, StemFitOptions options)
{
    /// <summary>From one tempo to the next.</summary>
    private const double RatioStep = 0.002;

    private const double LeastSharedSeconds = 4;

    /// <summary>Two ways are the same up to so many seconds of start and so much tempo.</summary>
    private const double SameStart = 0.1, SameRatio = 0.01;

    private const int StartsOfRatio = 3, RhythmsTried = 10, TrialsTried = 16;

    /// <summary>The most promising ways, best first; at least one.</summary>
    public IReadOnlyList<FitEvidence> Find(FitFeatures candidate, CancellationToken cancellationToken)
    {
        var matches = new List<RhythmMatch>();
        var search = new RhythmSearch(mix.Features.Rhythm, Ratios().Min());
        foreach (double ratio in Ratios())
        {
            cancellationToken.ThrowIfCancellationRequested();
            matches.AddRange(search.Find(candidate.Rhythm, ratio, LeastSharedSeconds, StartsOfRatio));
        }
        IReadOnlyList<RhythmMatch> best = Distinct(matches, candidate.Seconds);
        double strongest = Math.Max(best.Max(match => match.Strength), 1e-9);
        return [.. best.SelectMany(match => Transposed(match, match.Strength / strongest, candidate))
            .OrderByDescending(evidence => evidence.Strength).Take(TrialsTried)];
    }

    private List<double> Ratios()
    {
        if (!options.Stretch || options.MaximumStretch == 0)
            return [1];
        int steps = (int)(Math.Log(1 + options.MaximumStretch) / RatioStep), slower = (int)(Math.Log(1 - options.MaximumStretch) / RatioStep);
        return [.. Enumerable.Range(slower, steps - slower + 1).Select(step => Math.Exp(step * RatioStep))];
    }

    private static IReadOnlyList<RhythmMatch> Distinct(IEnumerable<RhythmMatch> matches, double seconds)
    {
        var kept = new List<RhythmMatch>();
        foreach (RhythmMatch match in matches.OrderByDescending(match => match.Strength))
        {
            if (!kept.Exists(other => IsSame(other, match, seconds)))
                kept.Add(match);
            if (kept.Count == RhythmsTried)
                break;
        }
        if (kept.Count == 0)
            kept.Add(new RhythmMatch(1, 0, 0));
        return kept;
    }

    /// <summary>By where the middle of the candidate comes to lie, which does not move while tempo and start do together.</summary>
    private static bool IsSame(RhythmMatch a, RhythmMatch b, double seconds) =>
        Math.Abs(a.Ratio / b.Ratio - 1) < SameRatio
        && Math.Abs(a.Start + seconds / a.Ratio / 2 - b.Start - seconds / b.Ratio / 2) < SameStart;

    private IEnumerable<FitEvidence> Transposed(RhythmMatch match, double rhythm, FitFeatures candidate)
    {
        if (mix.Stem == Stem.Drums)
            return [new FitEvidence(new FitTrial(0, match.Ratio, match.Start), rhythm, default)];
        IReadOnlyList<HarmonyMatch> matches = mix.Features.Harmony.Compare(candidate.Harmony, match.Ratio, match.Start);
        int most = options.Transpose ? options.MaximumSemitones : 0;
        return Enumerable.Range(-most, 2 * most + 1).Select(semitones => new FitEvidence(
            new FitTrial(semitones, match.Ratio, match.Start), rhythm, matches[((semitones % 12) + 12) % 12]));
    }
}
