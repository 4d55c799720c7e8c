namespace StemJepa;

/// <summary>
/// At which time a candidate fits a mix best. A shift is how much later the candidate begins than the mix, in seconds; negative: earlier.
/// The affinity of a shift is the mean, over the moments that mix and candidate then share, of the cosine between the patches that the model
/// predicts and the candidate's own, layer-normed. Beside it, for stems that have a pitch, stands how well the harmony of both goes together then, which
/// knows the bar better. Immutable and thread-safe.
/// </summary>
public sealed class StemAlignment
{
    /// <summary>Seconds from one shift to the next: one patch, 16 frames.</summary>
    public const double Step = (double)ModelEncoder.PatchSize * FrontEndSettings.Hop / FrontEndSettings.SampleRate;

    private const double Rounding = 1e-9;

    private readonly float[] _curve, _harmony;
    private readonly int _first;
    private readonly int[] _shared;
    private readonly (float[] Mix, float[] Candidate)? _onsets;

    /// <param name="curve">The affinity of every shift.</param>
    /// <param name="firstShift">The first, in steps.</param>
    /// <param name="shared">How many patches in time mix and candidate share at each shift.</param>
    /// <param name="harmony">The harmony of every shift; empty where pitch says nothing.</param>
    /// <param name="onsets">Those of mix and candidate, <see cref="OnsetCorrelation.CurveOf"/>; null to stay with whole steps.</param>
    internal StemAlignment(float[] curve, int firstShift, int[] shared, float[] harmony, (float[] Mix, float[] Candidate)? onsets = null)
    {
        (_curve, _first, _shared, _harmony, _onsets) = (curve, firstShift, shared, harmony, onsets);
        float[] evidence = harmony.AsSpan().ContainsAnyExcept(0f) ? harmony : curve;
        double mean = evidence.Average(value => (double)value), deviation = Math.Sqrt(evidence.Average(value => (value - mean) * (value - mean)));
        int best = 0;
        double most = double.NegativeInfinity;
        for (int i = 0; i < evidence.Length; i++)
        {
            double significance = (evidence[i] - mean) * Math.Sqrt(shared[i]);
            if (significance > most)
                (best, most) = (i, significance);
        }
        int last = curve.Length - 1;
        BestShift = (firstShift + best) * Step;
        if (onsets is { } heard)
            BestShift = OnsetCorrelation.Best(heard.Mix, heard.Candidate, (firstShift + Math.Max(0, best - 1)) * Step, (firstShift + Math.Min(last, best + 1)) * Step) ?? BestShift;
        Affinity = curve[best];
        Sharpness = deviation > Rounding ? (evidence[best] - mean) / deviation : 0;
    }

    /// <summary>That of patches alone, to whole steps.</summary>
    /// <param name="prediction">What is expected.</param>
    /// <param name="candidate">What there is.</param>
    internal static StemAlignment Of(PatchSequence prediction, PatchSequence candidate)
    {
        (float[] curve, int first) = PatchCorrelation.Of(prediction, candidate);
        return new StemAlignment(curve, first, Shared(prediction, candidate, curve, first), []);
    }

    /// <summary>That of patches, harmony and onsets.</summary>
    /// <param name="mix">The mix, with predicted patches.</param>
    /// <param name="candidate">The candidate.</param>
    internal static StemAlignment Of(HeardRecording mix, HeardRecording candidate)
    {
        (float[] curve, int first) = PatchCorrelation.Of(mix.Patches, candidate.Patches);
        float[] harmony = mix.Chroma is { } left && candidate.Chroma is { } right ? HarmonyCorrelation.Of(left, mix.Patches.Count, right, candidate.Patches.Count).Curve : [];
        return new StemAlignment(curve, first, Shared(mix.Patches, candidate.Patches, curve, first), harmony, (mix.Onsets, candidate.Onsets));
    }

    /// <summary>The affinity of every shift, -1..1; the first is that of <see cref="FirstShift"/>, each next one is <see cref="Step"/> later.</summary>
    public ReadOnlyMemory<float> Curve => _curve;

    /// <summary>
    /// How well the pitch classes of mix and candidate go together at each shift of <see cref="Curve"/>: their correlation, about -1..1; 0 throughout where the
    /// harmony never changes, and then the affinity decides. Empty for drums.
    /// </summary>
    public ReadOnlyMemory<float> HarmonyCurve => _harmony;

    /// <summary>The shift of the curve's first value, in seconds.</summary>
    public double FirstShift => _first * Step;

    /// <summary>
    /// The shift that fits best, in seconds; the earliest of several. At which the harmony, or for drums the affinity, stands out most above its mean over all
    /// shifts, times the square root of the length that mix and candidate then share, since a mean over a short time is often high by chance; and then, among
    /// the shifts up to a step from there, at which the onsets of both coincide best, to 10 ms.
    /// </summary>
    public double BestShift { get; }

    /// <summary>The affinity at the best shift, -1..1.</summary>
    public float Affinity { get; }

    /// <summary>How far the best shift stands out: its harmony, or for drums its affinity, less the mean over all shifts, in standard deviations; 0 if all are equal.</summary>
    public double Sharpness { get; }

    /// <summary>What the affinity alone says.</summary>
    internal StemAlignment ByAffinity => new(_curve, _first, _shared, []);

    /// <summary>What the harmony alone says, as if it were the affinity; null if pitch says nothing.</summary>
    internal StemAlignment? ByHarmony => _harmony.Length == 0 ? null : new(_harmony, _first, _shared, []);

    /// <summary>The same, with nothing but the shifts up to a distance: for a candidate that is to start near the mix's beginning.</summary>
    /// <param name="seconds">The farthest shift, either way.</param>
    /// <exception cref="ArgumentOutOfRangeException">The distance is negative or not a number.</exception>
    public StemAlignment Within(double seconds)
    {
        if (!(seconds >= 0))
            throw new ArgumentOutOfRangeException(nameof(seconds), seconds, "The farthest shift is a number from 0 on.");
        int farthest = (int)Math.Min(int.MaxValue, seconds / Step + Rounding);
        int from = Math.Max(0, -farthest - _first), to = Math.Min(_curve.Length - 1, farthest - _first);
        return new StemAlignment(_curve[from..(to + 1)], _first + from, _shared[from..(to + 1)], _harmony.Length == 0 ? [] : _harmony[from..(to + 1)], _onsets);
    }

    private static int[] Shared(PatchSequence prediction, PatchSequence candidate, float[] curve, int first) =>
        [.. curve.Select((_, i) => ShiftCorrelation.Shared(prediction.Count, candidate.Count, first + i))];
}
