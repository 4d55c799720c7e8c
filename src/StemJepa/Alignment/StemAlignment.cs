namespace StemJepa;

/// <summary>
/// At which time a candidate fits a mix best. A shift is how much later the candidate begins than the mix, in seconds; negative: earlier.
/// The affinity of a shift is the mean, over the moments that mix and candidate then share, of the cosine between the patches that the model
/// predicts and the candidate's own, layer-normed. Beside it stands how well harmony, spectrum and onsets of both move together then, which knows the bar
/// better. Immutable and thread-safe.
/// </summary>
public sealed class StemAlignment
{
    /// <summary>Seconds from one shift to the next: one patch, 16 frames.</summary>
    public const double Step = (double)ModelEncoder.PatchSize * FrontEndSettings.Hop / FrontEndSettings.SampleRate;

    /// <summary>Seconds from one shift of <see cref="CorrelationCurve"/> to the next, 0.04.</summary>
    public const double CorrelationStep = CanonicalCorrelation.Step;

    private readonly ShiftCurve _affinity;
    private readonly ShiftCurve? _correlation;
    private readonly (float[] Mix, float[] Candidate)? _onsets;

    /// <param name="affinity">The affinity of every shift.</param>
    /// <param name="correlation">How well both move together, four shifts for each of the affinity's; null to go by the affinity.</param>
    /// <param name="onsets">Those of mix and candidate, <see cref="OnsetCorrelation.CurveOf(BandDynamics)"/>; null to stay with whole steps.</param>
    internal StemAlignment(ShiftCurve affinity, ShiftCurve? correlation = null, (float[] Mix, float[] Candidate)? onsets = null)
    {
        (_affinity, _correlation, _onsets) = (affinity, correlation, onsets);
        ShiftCurve evidence = correlation is not null && correlation.Values.AsSpan().ContainsAnyExcept(0f) ? correlation : affinity;
        int best = evidence.Best;
        double found = evidence.SecondsOf(best);
        BestShift = onsets is { } heard
            ? OnsetCorrelation.Best(heard.Mix, heard.Candidate, Math.Max(FirstShift, found - SettledSeconds), Math.Min(LastShift, found + SettledSeconds)) ?? found
            : found;
        Affinity = affinity.Values[affinity.Nearest(found)];
        Sharpness = evidence.Sharpness(best);
    }

    /// <summary>That of patches alone, to whole steps.</summary>
    /// <param name="prediction">What is expected.</param>
    /// <param name="candidate">What there is.</param>
    internal static StemAlignment Of(PatchSequence prediction, PatchSequence candidate) => new(PatchCorrelation.Of(prediction, candidate));

    /// <summary>That of patches, features and onsets.</summary>
    /// <param name="mix">The mix, with predicted patches.</param>
    /// <param name="candidate">The candidate.</param>
    /// <param name="stem">What the mix lacks.</param>
    internal static StemAlignment Of(HeardRecording mix, HeardRecording candidate, Stem stem) => new(
        PatchCorrelation.Of(mix.Patches, candidate.Patches),
        CanonicalCorrelation.Of(mix.Features, mix.Patches.Count, candidate.Features, candidate.Patches.Count, CanonicalDirections.Shipped.Of(stem)),
        (mix.Onsets, candidate.Onsets));

    /// <summary>The affinity of every shift, -1..1; the first is that of <see cref="FirstShift"/>, each next one is <see cref="Step"/> later.</summary>
    public ReadOnlyMemory<float> Curve => _affinity.Values;

    /// <summary>
    /// How well harmony, spectrum and onsets of mix and candidate move together: their canonical correlation, about -1..1; the first is that of
    /// <see cref="FirstShift"/>, each next one is <see cref="CorrelationStep"/> later. 0 throughout where one of them never changes, and then the affinity decides.
    /// </summary>
    public ReadOnlyMemory<float> CorrelationCurve => _correlation?.Values;

    /// <summary>The shift of the curves' first values, in seconds.</summary>
    public double FirstShift => _affinity.SecondsOf(0);

    /// <summary>
    /// The shift that fits best, in seconds; the earliest of several. At which the correlation stands out most above its mean over all shifts, times the
    /// length that mix and candidate then share, since a mean over a short time is often high by chance; and then, among the shifts beside it, at which
    /// the onsets of both coincide best, to 10 ms.
    /// </summary>
    public double BestShift { get; }

    /// <summary>The affinity at the best shift, -1..1.</summary>
    public float Affinity { get; }

    /// <summary>How far the best shift stands out: its correlation less the mean over all shifts, in standard deviations; 0 if all are equal.</summary>
    public double Sharpness { get; }

    /// <summary>What the affinity alone says.</summary>
    internal StemAlignment ByAffinity => new(_affinity);

    /// <summary>What the correlation alone says, to its own steps; null if there is none.</summary>
    internal StemAlignment? ByCorrelation => _correlation is null ? null : new(_affinity, _correlation);

    /// <summary>Seconds about the best shift in which onsets settle it.</summary>
    private const double SettledSeconds = 0.08;

    private double LastShift => _affinity.SecondsOf(_affinity.Values.Length - 1);

    /// <summary>The same, with nothing but the shifts up to a distance: for a candidate that is to start near the mix's beginning.</summary>
    /// <param name="seconds">The farthest shift, either way.</param>
    /// <exception cref="ArgumentOutOfRangeException">The distance is negative or not a number.</exception>
    public StemAlignment Within(double seconds)
    {
        if (!(seconds >= 0))
            throw new ArgumentOutOfRangeException(nameof(seconds), seconds, "The farthest shift is a number from 0 on.");
        (int from, int to) = _affinity.Within(seconds);
        return new StemAlignment(_affinity.Between(from, to), _correlation?.Between(from * CanonicalCorrelation.FramesOfColumn, to * CanonicalCorrelation.FramesOfColumn), _onsets);
    }
}
