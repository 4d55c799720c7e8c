namespace StemJepa;

/// <summary>
/// A mix that candidates are fitted to, analysed once: <see cref="StemFitter.Prepare"/>. Some 10 MB per minute with the library's model.
/// Immutable and thread-safe.
/// </summary>
public sealed class FitMix
{
    /// <summary>How far the tempo of an analysis may be from that of its beats, as a share.</summary>
    private const double MostTempoError = 0.02;

    internal FitMix(Stem stem, StemAnalysis analysis, TimeSpan duration, FitFeatures features, float[] predicted, int patchLength)
    {
        (Stem, Analysis, Duration, Features, Predicted, PatchLength) = (stem, analysis, duration, features, predicted, patchLength);
        Beat = LoopLength.Beat(analysis.Beats, TimeSpan.FromMinutes(1) / analysis.Tempo, MostTempoError);
    }

    /// <summary>The stem that the mix lacks.</summary>
    public Stem Stem { get; }

    /// <summary>Key, tempo and beats of the mix.</summary>
    public StemAnalysis Analysis { get; }

    /// <summary>Length of the mix.</summary>
    public TimeSpan Duration { get; }

    /// <summary>The length of a beat, by all beats.</summary>
    internal TimeSpan Beat { get; }

    internal FitFeatures Features { get; }

    /// <summary>Unit vectors of the predicted time patches, [time patches, <see cref="PatchLength"/>].</summary>
    internal float[] Predicted { get; }

    internal int PatchLength { get; }
}
