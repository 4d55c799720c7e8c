namespace StemJepa;

/// <summary>The affinity of two sequences of patches at every shift of the one against the other. Thread-safe.</summary>
internal static class PatchCorrelation
{
    /// <summary>
    /// For each shift, the mean over the shared columns of the cosine of <paramref name="prediction"/>'s column t + shift and
    /// <paramref name="candidate"/>'s column t, both layer-normed without weights.
    /// </summary>
    public static ShiftCurve Of(PatchSequence prediction, PatchSequence candidate) =>
        ShiftCorrelation.Of(Directions(prediction), Directions(candidate), prediction.ColumnLength, ShiftCorrelation.LeastShared(prediction.Count, candidate.Count), StemAlignment.Step);

    /// <summary>The same at the shift 0 alone.</summary>
    public static float AtZero(PatchSequence prediction, PatchSequence candidate)
    {
        int shared = Math.Min(prediction.Count, candidate.Count), length = shared * prediction.ColumnLength;
        return float.Clamp(DotProduct.Of(Directions(prediction).AsSpan(0, length), Directions(candidate).AsSpan(0, length)) / shared, -1f, 1f);
    }

    /// <summary>Each column layer-normed without weights and scaled to length 1; zero if it is constant.</summary>
    private static float[] Directions(PatchSequence sequence)
    {
        float[] directions = sequence.Values.ToArray();
        int length = sequence.ColumnLength;
        for (int column = 0; column < sequence.Count; column++)
            StemEmbedding.WriteDirection(directions.AsSpan(column * length, length), directions.AsSpan(column * length, length));
        return directions;
    }
}
