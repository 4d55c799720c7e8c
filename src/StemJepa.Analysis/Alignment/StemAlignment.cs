namespace StemJepa;

/// <summary>
/// At which time a candidate fits a mix best. A shift is how much later the candidate begins than the mix; negative: earlier. The best
/// shift comes from how well chroma, spectrum and onsets of mix and candidate correlate. Beside it stands the affinity of every shift: the
/// mean, over the time that mix and candidate then share, of the cosine between the patches that the model predicts and the candidate's
/// own. Immutable and thread-safe.
/// </summary>
public sealed class StemAlignment
{
    /// <summary>From one shift to the next: one time patch, 0.16 s.</summary>
    public static TimeSpan Step { get; } = TimeSpan.FromSeconds(PatchSequence.SecondsPerPatch);

    /// <summary>From one shift of <see cref="CorrelationCurve"/> to the next, 0.04 s.</summary>
    public static TimeSpan CorrelationStep { get; } = TimeSpan.FromSeconds(CanonicalCorrelation.Step);

    private readonly ShiftCurve _affinity;
    private readonly ShiftCurve? _correlation;
    private readonly (float[] Mix, float[] Candidate)? _onsets;

    /// <param name="affinity">The affinity of every shift.</param>
    /// <param name="correlation">
    /// The correlation of every shift, four shifts for each of the affinity's; null to go by the affinity.
    /// </param>
    /// <param name="onsets">
    /// Those of mix and candidate, <see cref="OnsetCorrelation.ComputeCurve(BandDynamics)"/>; null to stay with whole steps.
    /// </param>
    internal StemAlignment(ShiftCurve affinity, ShiftCurve? correlation = null, (float[] Mix, float[] Candidate)? onsets = null)
    {
        (_affinity, _correlation, _onsets) = (affinity, correlation, onsets);
        ShiftCurve evidence = correlation is not null && correlation.Values.AsSpan().ContainsAnyExcept(0f) ? correlation : affinity;
        int best = evidence.Best;
        double found = evidence.SecondsOf(best);
        double first = affinity.SecondsOf(0), last = affinity.SecondsOf(affinity.Values.Length - 1);
        BestSeconds = onsets is { } curves
            ? OnsetCorrelation.FindBest(curves.Mix, curves.Candidate, Math.Max(first, found - RefinedSeconds),
            Math.Min(last, found + RefinedSeconds)) ?? found
            : found;
        Affinity = affinity.Values[affinity.Nearest(found)];
        Sharpness = evidence.Sharpness(best);
    }

    /// <summary>Aligns by patches alone, to whole steps.</summary>
    internal static StemAlignment Compute(PatchSequence prediction, PatchSequence candidate) =>
        new(PatchCorrelation.Compute(prediction, candidate));

    /// <summary>Aligns by features and onsets.</summary>
    /// <param name="mix">The mix, with predicted patches.</param>
    /// <param name="candidate">The candidate.</param>
    /// <param name="stem">The stem that the mix lacks.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    internal static StemAlignment Compute(AlignmentInput mix, AlignmentInput candidate, Stem stem,
        CancellationToken cancellationToken = default) => new(
        PatchCorrelation.Compute(mix.Patches, candidate.Patches, cancellationToken),
        CanonicalCorrelation.Compute(
            mix.Features, mix.Patches.Count, candidate.Features, candidate.Patches.Count, CanonicalDirections.Shipped.For(stem),
            cancellationToken),
        (mix.Onsets, candidate.Onsets));

    /// <summary>
    /// The affinity of every shift, -1..1; the first is that of <see cref="FirstShift"/>, each next one is <see cref="Step"/> later.
    /// </summary>
    public ReadOnlyMemory<float> Curve => _affinity.Values;

    /// <summary>
    /// The canonical correlation of chroma, spectrum and onsets of mix and candidate at every shift, about -1..1; the first is that of
    /// <see cref="FirstShift"/>, each next one is <see cref="CorrelationStep"/> later. 0 throughout where one of them never changes, and
    /// then the affinity decides.
    /// </summary>
    public ReadOnlyMemory<float> CorrelationCurve => _correlation?.Values;

    /// <summary>The shift of the curves' first values.</summary>
    public TimeSpan FirstShift => TimeSpan.FromSeconds(_affinity.SecondsOf(0));

    /// <summary>
    /// The shift that fits best; the earliest of several. There the correlation stands out most above its mean over all shifts, times the
    /// length that mix and candidate then share, since a mean over a short time is often high by chance; of the shifts within 0.08 s of it,
    /// the one at which the onsets of both coincide best, to 10 ms.
    /// </summary>
    public TimeSpan BestShift => TimeSpan.FromSeconds(BestSeconds);

    /// <summary>The affinity at the best shift, -1..1.</summary>
    public float Affinity { get; }

    /// <summary>
    /// How far the best shift stands out: its correlation less the mean over all shifts, in standard deviations; 0 if all are equal.
    /// </summary>
    public double Sharpness { get; }

    internal double BestSeconds { get; }

    /// <summary>The alignment by affinity alone.</summary>
    internal StemAlignment ByAffinity => new(_affinity);

    /// <summary>The alignment by correlation alone, to its own steps; null if there is none.</summary>
    internal StemAlignment? ByCorrelation => _correlation is null ? null : new(_affinity, _correlation);

    /// <summary>Seconds about the best shift within which onsets refine it.</summary>
    private const double RefinedSeconds = 0.08;

    /// <summary>The same, with only the shifts up to a distance: for a candidate that is to start near the mix's beginning.</summary>
    /// <param name="distance">The farthest shift, either way; <see cref="TimeSpan.MaxValue"/> for any.</param>
    /// <exception cref="ArgumentOutOfRangeException">The distance is negative.</exception>
    public StemAlignment Within(TimeSpan distance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(distance, TimeSpan.Zero);
        (int from, int to) = _affinity.Within(distance.TotalSeconds);
        const int frames = CanonicalCorrelation.FramesOfPatch;
        return new StemAlignment(_affinity.Between(from, to), _correlation?.Between(from * frames, to * frames), _onsets);
    }
}

/// <summary>Alignment with any model.</summary>
public static class StemAlignmentExtensions
{
    /// <summary>
    /// Finds the time at which <paramref name="candidate"/> fits best as the stem that <paramref name="mix"/> lacks, over all shifts by
    /// which at least 8 s, or half of the shorter recording, still overlap; <see cref="StemAlignment.Within"/> asks for less. Each
    /// recording is read into memory and embedded once: some 15 MB per minute.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="mix">Read to its end first, and not disposed.</param>
    /// <param name="candidate">Read to its end, and not disposed.</param>
    /// <param name="stem">The stem that the mix lacks.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="StemJepaException">The audio cannot be used (empty, or not finite).</exception>
    public static StemAlignment Align(this IStemAffinity model, AudioReader mix, AudioReader candidate, Stem stem,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(mix);
        ArgumentNullException.ThrowIfNull(candidate);
        AlignmentInput ofMix =
            AlignmentInput.Extract(mix, (reader, sink) => model.Predict(reader, stem, sink, cancellationToken), cancellationToken);
        AlignmentInput ofCandidate = AlignmentInput.Extract(candidate,
            (reader, sink) => StemAffinityExtensions.Named("The candidate", () => model.Embed(reader, sink, cancellationToken)),
            cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return StemAlignment.Compute(ofMix, ofCandidate, stem, cancellationToken);
    }

    /// <inheritdoc cref="Align(IStemAffinity, AudioReader, AudioReader, Stem, CancellationToken)"/>
    public static StemAlignment Align(this IStemAffinity model, AudioClip mix, AudioClip candidate, Stem stem,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mix);
        ArgumentNullException.ThrowIfNull(candidate);
        return model.Align(mix.OpenReader(), candidate.OpenReader(), stem, cancellationToken);
    }

    /// <summary>As <see cref="Align(IStemAffinity, AudioClip, AudioClip, Stem, CancellationToken)"/>, off the calling thread.</summary>
    public static Task<StemAlignment> AlignAsync(this IStemAffinity model, AudioClip mix, AudioClip candidate, Stem stem,
        CancellationToken cancellationToken = default) =>
        Task.Run(() => model.Align(mix, candidate, stem, cancellationToken), cancellationToken);
}
