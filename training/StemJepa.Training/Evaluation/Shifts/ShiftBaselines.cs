using System.Numerics.Tensors;
using StemJepa.Training.Evaluation.Mashability;

namespace StemJepa.Training.Evaluation.Shifts;

/// <summary>Alignment with nothing learnt: what mix and candidate have in common as they sound. Seconds, as <see cref="ShiftQuery.Shift"/>.</summary>
internal static class ShiftBaselines
{
    /// <summary>Bands of a patch in frequency: 80 in 5.</summary>
    private const int BandsOfPatch = FrontEndSettings.MelBands / ModelEncoder.FrequencyPatches;

    /// <summary>
    /// The shift at which onset strengths correlate best, to 10 ms: the sum, over the frames shared, of the product of both curves less their means, over the
    /// square root of their number, since a mean over few frames is often high by chance.
    /// </summary>
    public static double ByOnsets(ShiftQuery query, ShiftRange range)
    {
        float[] mix = Onsets(query.Mix), candidate = Onsets(query.Candidate);
        int first = (int)Math.Ceiling(range.First * BandDynamics.FramesPerSecond), last = (int)Math.Floor(range.Last * BandDynamics.FramesPerSecond), best = first;
        double strongest = double.NegativeInfinity;
        for (int shift = first; shift <= last; shift++)
        {
            int from = Math.Max(0, shift), shared = Math.Min(mix.Length, candidate.Length + shift) - from;
            if (shared <= 0)
                continue;
            double strength = TensorPrimitives.Dot<float>(mix.AsSpan(from, shared), candidate.AsSpan(from - shift, shared)) / Math.Sqrt(shared);
            if (strength > strongest)
                (best, strongest) = (shift, strength);
        }
        return best / BandDynamics.FramesPerSecond;
    }

    /// <summary>
    /// The best shift by the model's own search, with the log-mel of every 16 frames less its mean over time (<see cref="MeanLogMelEmbedder"/>) in place of
    /// predicted patches and of the candidate's.
    /// </summary>
    public static double ByLogMel(ShiftQuery query) => PatchCorrelation.Align(Columns(query.Mix), Columns(query.Candidate)).BestShift;

    private static float[] Onsets(AudioClip clip)
    {
        float[] onsets = BandDynamics.Of(clip.Samples.Span).Onsets;
        TensorPrimitives.Subtract(onsets, TensorPrimitives.Sum<float>(onsets) / onsets.Length, onsets);
        return onsets;
    }

    private static PatchSequence Columns(AudioClip clip)
    {
        var columns = new PatchSequence(BandsOfPatch);
        columns.Add(new MeanLogMelEmbedder().Columns(clip).Columns, timePatches: 1);
        return columns;
    }
}
