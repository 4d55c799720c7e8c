using System.Numerics.Tensors;

namespace StemJepa.Training.Evaluation;

/// <summary>Alignment without learning, by correlation of signal features. Seconds, as <see cref="ShiftQuery.Shift"/>.</summary>
internal static class ShiftBaselines
{
    /// <summary>Bands of a patch in frequency: 80 in 5.</summary>
    private const int BandsOfPatch = FrontEndSettings.MelBands / ModelEncoder.FrequencyPatches;

    /// <summary>The shift at which onset strengths correlate best, to 10 ms; the first of the range if there are no onsets.</summary>
    public static double ByOnsets((float[] Mix, float[] Candidate) onsets, ShiftRange range) =>
        OnsetCorrelation.FindBest(onsets.Mix, onsets.Candidate, range.First, range.Last) ?? range.First;

    /// <summary>Computes the onset strengths that <see cref="ByOnsets"/> compares.</summary>
    public static (float[] Mix, float[] Candidate) Onsets(ShiftQuery query) =>
        (OnsetCorrelation.ComputeCurve(query.Mix.Samples.Span), OnsetCorrelation.ComputeCurve(query.Candidate.Samples.Span));

    /// <summary>
    /// The model's own search, with the log-mel of every 16 frames less its mean over time (<see cref="MeanLogMelEmbedder"/>) in place of
    /// predicted patches and of the candidate's.
    /// </summary>
    public static StemAlignment ByLogMel(ShiftQuery query) => StemAlignment.Compute(TimePatches(query.Mix), TimePatches(query.Candidate));

    /// <summary>The shift at which harmony changes alike, to whole steps.</summary>
    public static StemAlignment ByChroma(ShiftQuery query)
    {
        float[] mix = Chromagram.Compute(query.Mix.Samples.Span, ChromaCorrelation.Hop),
            candidate = Chromagram.Compute(query.Candidate.Samples.Span, ChromaCorrelation.Hop);
        return new StemAlignment(ChromaCorrelation.Compute(mix, mix.Length / Chromagram.Classes, candidate,
            candidate.Length / Chromagram.Classes));
    }

    private static PatchSequence TimePatches(AudioClip clip)
    {
        ReadOnlySpan<float> means = new MeanLogMelEmbedder().ComputeMeans(clip).TimePatches;
        var patches = new PatchSequence();
        patches.Add(new PatchWindows(means, [], means.Length / (ModelEncoder.FrequencyPatches * BandsOfPatch), timePatches: 1));
        return patches;
    }
}

/// <summary>
/// Correlation of the pitch classes of two recordings at every shift of one against the other, without learning. Thread-safe.
/// </summary>
internal static class ChromaCorrelation
{
    /// <summary>Samples from one chroma frame to the next: one frame for each time patch.</summary>
    internal const int Hop = ModelEncoder.PatchSize * FrontEndSettings.Hop;

    /// <summary>
    /// For each shift, the correlation over the shared frames of the two chromagrams' rows: scaled to length 1, their square roots, less
    /// the mean of each pitch class over time, so that changes of harmony count and the key does not. About -1..1, and 0 throughout where
    /// the harmony never changes.
    /// </summary>
    /// <param name="mix"><see cref="Chromagram"/>, [frames, 12].</param>
    /// <param name="patches">Time patches of the mix; further frames are left out, missing ones are silent.</param>
    /// <param name="candidate">As <paramref name="mix"/>.</param>
    /// <param name="candidatePatches">As <paramref name="patches"/>.</param>
    public static ShiftCurve Compute(ReadOnlySpan<float> mix, int patches, ReadOnlySpan<float> candidate, int candidatePatches)
    {
        float[] left = Changes(mix, patches), right = Changes(candidate, candidatePatches);
        ShiftCurve curve =
            ShiftCorrelation.Compute(left, right, Chromagram.Classes, ShiftCorrelation.LeastShared(patches, candidatePatches),
            PatchSequence.SecondsPerPatch);
        if (!left.AsSpan().ContainsAnyExcept(0f) || !right.AsSpan().ContainsAnyExcept(0f))
            Array.Clear(curve.Values);
        return curve;
    }

    private static float[] Changes(ReadOnlySpan<float> chroma, int patches)
    {
        const int classes = Chromagram.Classes;
        var rows = new float[patches * classes];
        chroma[..Math.Min(chroma.Length, rows.Length)].CopyTo(rows);
        Span<float> mean = stackalloc float[classes];
        mean.Clear();
        for (int start = 0; start < rows.Length; start += classes)
        {
            Span<float> row = rows.AsSpan(start, classes);
            if (TensorPrimitives.Norm<float>(row) is > 0 and var norm)
                TensorPrimitives.Divide(row, norm, row);
            TensorPrimitives.Sqrt(row, row);
            TensorPrimitives.Add(mean, row, mean);
        }
        TensorPrimitives.Divide(mean, patches, mean);
        for (int start = 0; start < rows.Length; start += classes)
            TensorPrimitives.Subtract(rows.AsSpan(start, classes), mean, rows.AsSpan(start, classes));
        // Rounding alone is left of a harmony that never changes.
        float deviation = TensorPrimitives.Norm<float>(rows) / MathF.Sqrt(patches);
        TensorPrimitives.Multiply(rows, deviation > 1e-4f ? 1 / deviation : 0, rows);
        return rows;
    }
}
