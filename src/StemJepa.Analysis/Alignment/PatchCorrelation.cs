namespace StemJepa;

/// <summary>The affinity of two patch sequences at every shift of one against the other. Thread-safe.</summary>
internal static class PatchCorrelation
{
    /// <summary>
    /// For each shift, the mean over the shared time patches of the cosine of <paramref name="prediction"/>'s time patch t + shift and
    /// <paramref name="candidate"/>'s time patch t, both layer-normed without weights.
    /// </summary>
    public static ShiftCurve Compute(PatchSequence prediction, PatchSequence candidate, CancellationToken cancellationToken = default) =>
        ShiftCorrelation.Compute(
        prediction.ToUnitVectors(cancellationToken), candidate.ToUnitVectors(cancellationToken), prediction.PatchLength,
        ShiftCorrelation.LeastShared(prediction.Count, candidate.Count), PatchSequence.SecondsPerPatch, cancellationToken);
}
