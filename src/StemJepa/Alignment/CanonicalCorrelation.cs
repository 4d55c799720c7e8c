using System.Numerics.Tensors;

namespace StemJepa;

/// <summary>
/// How well two recordings go together at every shift of the one against the other, in those combinations of features that a mix and its missing stem have
/// most in common (canonical correlation analysis, Hotelling 1936), as <see cref="CanonicalDirections"/> were found. Thread-safe.
/// </summary>
internal static class CanonicalCorrelation
{
    /// <summary>Frames of a column of patches.</summary>
    internal const int FramesOfColumn = ModelEncoder.PatchSize * FrontEndSettings.Hop / AlignmentFeatures.Hop;

    /// <summary>Seconds from one shift to the next.</summary>
    internal const double Step = StemAlignment.Step / FramesOfColumn;

    /// <summary>What is left of a recording that never changes, by rounding, has less power than this.</summary>
    private const float LeastPower = 1e-6f;

    /// <summary>
    /// For each shift, the mean over the shared frames of the product of both recordings' canonical variables, each of power 1 in all: about -1..1, and 0
    /// throughout if one of them never changes.
    /// </summary>
    /// <param name="mix"><see cref="AlignmentFeatures"/> of the mix.</param>
    /// <param name="columns">Columns of patches of the mix; frames beyond are left out, missing ones are zero.</param>
    /// <param name="candidate">As <paramref name="mix"/>.</param>
    /// <param name="candidateColumns">As <paramref name="columns"/>.</param>
    /// <param name="directions">Those of the missing stem.</param>
    public static ShiftCurve Of(float[] mix, int columns, float[] candidate, int candidateColumns, CanonicalDirections.Pair directions)
    {
        float[] left = Variables(mix, columns, directions.Mix), right = Variables(candidate, candidateColumns, directions.Candidate);
        ShiftCurve curve = ShiftCorrelation.Of(left, right, CanonicalDirections.Count, FramesOfColumn * ShiftCorrelation.LeastShared(columns, candidateColumns), Step);
        if (!left.AsSpan().ContainsAnyExcept(0f) || !right.AsSpan().ContainsAnyExcept(0f))
            Array.Clear(curve.Values);
        return curve;
    }

    private static float[] Variables(float[] features, int columns, ReadOnlySpan<float> directions)
    {
        const int count = CanonicalDirections.Count;
        var variables = new float[columns * FramesOfColumn * count];
        int frames = Math.Min(columns * FramesOfColumn, features.Length / AlignmentFeatures.Count);
        for (int frame = 0; frame < frames; frame++)
        {
            Span<float> row = variables.AsSpan(frame * count, count);
            for (int feature = 0; feature < AlignmentFeatures.Count; feature++)
                TensorPrimitives.MultiplyAdd(directions.Slice(feature * count, count), features[frame * AlignmentFeatures.Count + feature], row, row);
        }
        float power = TensorPrimitives.SumOfSquares<float>(variables) / (columns * FramesOfColumn);
        TensorPrimitives.Multiply(variables, power > LeastPower ? 1 / MathF.Sqrt(power) : 0, variables);
        return variables;
    }
}
