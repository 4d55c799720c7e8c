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
        Grid = LoopLength.Beat(analysis.Beats, TimeSpan.FromMinutes(1) / analysis.Tempo, MostTempoError);
    }

    /// <summary>The stem that the mix lacks.</summary>
    public Stem Stem { get; }

    /// <summary>Key, tempo and beats of the mix.</summary>
    public StemAnalysis Analysis { get; }

    /// <summary>Length of the mix.</summary>
    public TimeSpan Duration { get; }

    /// <summary>The length of a beat by all beats; null where most of them are on no grid.</summary>
    internal TimeSpan? Grid { get; }

    /// <summary>The length of a beat: <see cref="Grid"/>, or else by the tempo.</summary>
    internal TimeSpan Beat => Grid ?? TimeSpan.FromMinutes(1) / Analysis.Tempo;

    internal FitFeatures Features { get; }

    /// <summary>Unit vectors of the predicted time patches, [time patches, <see cref="PatchLength"/>].</summary>
    internal float[] Predicted { get; }

    internal int PatchLength { get; }
}
