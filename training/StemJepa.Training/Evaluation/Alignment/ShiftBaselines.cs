namespace StemJepa.Training.Evaluation;

/// <summary>Alignment with nothing learnt: what mix and candidate have in common as they sound. Seconds, as <see cref="ShiftQuery.Shift"/>.</summary>
internal static class ShiftBaselines
{
    /// <summary>Bands of a patch in frequency: 80 in 5.</summary>
    private const int BandsOfPatch = FrontEndSettings.MelBands / ModelEncoder.FrequencyPatches;

    /// <summary>The shift at which onset strengths correlate best, to 10 ms; the first of the range if there are no onsets.</summary>
    public static double ByOnsets((float[] Mix, float[] Candidate) onsets, ShiftRange range) =>
        OnsetCorrelation.FindBest(onsets.Mix, onsets.Candidate, range.First, range.Last) ?? range.First;

    /// <summary>What <see cref="ByOnsets"/> compares.</summary>
    public static (float[] Mix, float[] Candidate) Onsets(ShiftQuery query) =>
        (OnsetCorrelation.ComputeCurve(query.Mix.Samples.Span), OnsetCorrelation.ComputeCurve(query.Candidate.Samples.Span));

    /// <summary>
    /// The model's own search, with the log-mel of every 16 frames less its mean over time (<see cref="MeanLogMelEmbedder"/>) in place of
    /// predicted patches and of the candidate's.
    /// </summary>
    public static StemAlignment ByLogMel(ShiftQuery query) => StemAlignment.Compute(Columns(query.Mix), Columns(query.Candidate));

    /// <summary>The shift at which harmony changes alike, to whole steps.</summary>
    public static StemAlignment ByChroma(ShiftQuery query)
    {
        float[] mix = Chromagram.Compute(query.Mix.Samples.Span, ChromaCorrelation.Hop), candidate = Chromagram.Compute(query.Candidate.Samples.Span, ChromaCorrelation.Hop);
        return new StemAlignment(ChromaCorrelation.Of(mix, mix.Length / Chromagram.Classes, candidate, candidate.Length / Chromagram.Classes));
    }

    private static PatchSequence Columns(AudioClip clip)
    {
        var columns = new PatchSequence(BandsOfPatch);
        columns.Add(new MeanLogMelEmbedder().Columns(clip).Columns, timePatches: 1);
        return columns;
    }
}
