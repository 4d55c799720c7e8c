using System.Numerics.Tensors;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// A baseline without learning, after the idea of Davies, Hamel, Yoshii and Goto, "AutoMashUpper: Automatic Creation of Multi-Song Music
/// Mashups" (2014): recordings that fit have similar harmony and rhythm beat by beat, and fill the spectrum evenly. Not their program, and
/// not the numbers that the Stem-JEPA paper gives for it. Ours are: the chroma and the beat tracker (Ellis 2007), correlation as the
/// similarity, all weights and tolerances, no division into phrases, and no change of key or tempo, since the question here is whether a
/// recording fits as it is. One caller at a time.
/// </summary>
internal sealed class AutoMashUpperLike : IRetrievalMethod
{
    private readonly List<BeatFeatures> _mixes = [], _candidates = [];

    public void Add(AudioClip mix, Stem missing, AudioClip target)
    {
        _mixes.Add(Features(mix));
        _candidates.Add(Features(target));
    }

    public AffinityMatrix Affinities(CancellationToken cancellationToken = default) => AffinityMatrix.Compute(
        _mixes.Count, (query, target) => MashabilityScore.Compute(_mixes[query], _candidates[target]), cancellationToken);

    private static BeatFeatures Features(AudioClip clip) => BeatFeatures.Compute(clip.Resample(FrontEndSettings.SampleRate).Samples.Span);
}

/// <summary>Mashability of two recordings, by their beats.</summary>
internal static class MashabilityScore
{
    /// <summary>Ours: harmony counts most, as in the paper, whose numbers we do not hold.</summary>
    public const float HarmonyWeight = 0.6f, RhythmWeight = 0.2f, BalanceWeight = 0.2f;

    /// <summary>Beats by which the candidate may be shifted either way: two bars of four.</summary>
    public const int MaximumShift = 8;

    /// <summary>Ours: how far tempos may differ, in octaves, after halving and doubling; nothing is stretched here.</summary>
    private static readonly double MaximumTempoRatio = Math.Log2(1.08);

    /// <summary>More than the range of a score, so that every compatible candidate comes before all others.</summary>
    private const float IncompatiblePenalty = 2;

    /// <summary>
    /// The mashability at the best cyclic shift of the candidate, over the beats that both have: mean correlation of chroma and of rhythm,
    /// and flatness of the summed spectrum, weighted. At most 1; lower by 2 if the tempos are incompatible.
    /// </summary>
    public static float Compute(BeatFeatures mix, BeatFeatures candidate)
    {
        float penalty = TemposFit(mix.Tempo, candidate.Tempo) ? 0 : IncompatiblePenalty;
        int beats = Math.Min(mix.Beats, candidate.Beats);
        if (beats == 0)
            return -penalty;
        (float best, int bestShift) = (float.NegativeInfinity, 0);
        for (int shift = -MaximumShift; shift <= MaximumShift; shift++)
        {
            int offset = ((shift % beats) + beats) % beats;
            float similarity = HarmonyWeight * Correlation(mix.Chroma, candidate.Chroma, beats, Chromagram.Classes, offset)
                + RhythmWeight * Correlation(mix.Rhythm, candidate.Rhythm, beats, BeatFeatures.RhythmLength, offset);
            if (similarity > best)
                (best, bestShift) = (similarity, offset);
        }
        return best + BalanceWeight * Flatness(mix, candidate, beats, bestShift) - penalty;
    }

    /// <summary>Whether one tempo is the other's, or a power of two of it, within the tolerance.</summary>
    public static bool TemposFit(double tempo, double other)
    {
        double octaves = Math.Log2(tempo / other);
        return Math.Abs(octaves - Math.Round(octaves)) <= MaximumTempoRatio;
    }

    /// <summary>
    /// The mean over beats of the correlation of beat b with the candidate's beat b + <paramref name="offset"/>, cyclically.
    /// </summary>
    private static float Correlation(float[] mix, float[] candidate, int beats, int length, int offset)
    {
        int head = (beats - offset) * length, tail = offset * length;
        return (TensorPrimitives.Dot<float>(mix.AsSpan(0, head), candidate.AsSpan(tail, head))
            + TensorPrimitives.Dot<float>(mix.AsSpan(head, tail), candidate.AsSpan(0, tail))) / beats;
    }

    /// <summary>
    /// Geometric over arithmetic mean of the three bands' summed loudness, averaged over the beats that are not silent: 0..1.
    /// </summary>
    private static float Flatness(BeatFeatures mix, BeatFeatures candidate, int beats, int offset)
    {
        float sum = 0;
        int sounding = 0;
        for (int beat = 0; beat < beats; beat++)
        {
            int shifted = beat + offset < beats ? beat + offset : beat + offset - beats;
            float low = mix.Loudness[0][beat] + candidate.Loudness[0][shifted];
            float middle = mix.Loudness[1][beat] + candidate.Loudness[1][shifted];
            float high = mix.Loudness[2][beat] + candidate.Loudness[2][shifted];
            float total = low + middle + high;
            if (!(total > 0))
                continue;
            sum += 3 * MathF.Cbrt(low * middle * high) / total;
            sounding++;
        }
        return sounding == 0 ? 0 : sum / sounding;
    }
}
