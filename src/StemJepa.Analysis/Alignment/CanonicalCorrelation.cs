using System.Numerics.Tensors;

namespace StemJepa;

/// <summary>
/// How well two recordings go together at every shift of the one against the other, in those combinations of features that a mix and its
/// missing stem have most in common (canonical correlation analysis, Hotelling 1936), as <see cref="CanonicalDirections"/> were found.
/// Thread-safe.
/// </summary>
internal static class CanonicalCorrelation
{
    /// <summary>Frames of a time patch.</summary>
    internal const int FramesOfPatch = ModelEncoder.PatchSize * FrontEndSettings.Hop / AlignmentFeatures.Hop;

    /// <summary>Seconds from one shift to the next.</summary>
    internal const double Step = PatchSequence.SecondsPerPatch / FramesOfPatch;

    /// <summary>What is left of a recording that never changes, by rounding, has less power than this.</summary>
    private const float LeastPower = 1e-6f;

    /// <summary>
    /// For each shift, the mean over the shared frames of the product of both recordings' canonical variables, each of power 1 in all:
    /// about -1..1, and 0 throughout if one of them never changes.
    /// </summary>
    /// <param name="mix"><see cref="AlignmentFeatures"/> of the mix.</param>
    /// <param name="patches">Time patches of the mix; frames beyond are left out, missing ones are zero.</param>
    /// <param name="candidate">As <paramref name="mix"/>.</param>
    /// <param name="candidatePatches">As <paramref name="patches"/>.</param>
    /// <param name="directions">Those of the missing stem.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static ShiftCurve Compute(float[] mix, int patches, float[] candidate, int candidatePatches, CanonicalDirections.Pair directions,
        CancellationToken cancellationToken = default)
    {
        float[] left = Variables(mix, patches, directions.Mix), right = Variables(candidate, candidatePatches, directions.Candidate);
        ShiftCurve curve = ShiftCorrelation.Compute(left, right, CanonicalDirections.Count,
            FramesOfPatch * ShiftCorrelation.LeastShared(patches, candidatePatches), Step, cancellationToken);
        if (!left.AsSpan().ContainsAnyExcept(0f) || !right.AsSpan().ContainsAnyExcept(0f))
            Array.Clear(curve.Values);
        return curve;
    }

    private static float[] Variables(float[] features, int patches, ReadOnlySpan<float> directions)
    {
        const int count = CanonicalDirections.Count;
        var variables = new float[patches * FramesOfPatch * count];
        int frames = Math.Min(patches * FramesOfPatch, features.Length / AlignmentFeatures.Count);
        for (int frame = 0; frame < frames; frame++)
        {
            Span<float> row = variables.AsSpan(frame * count, count);
            for (int feature = 0; feature < AlignmentFeatures.Count; feature++)
                TensorPrimitives.MultiplyAdd(directions.Slice(feature * count, count), features[frame * AlignmentFeatures.Count + feature],
                    row, row);
        }
        float power = TensorPrimitives.SumOfSquares<float>(variables) / (patches * FramesOfPatch);
        TensorPrimitives.Multiply(variables, power > LeastPower ? 1 / MathF.Sqrt(power) : 0, variables);
        return variables;
    }
}
