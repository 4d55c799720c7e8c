using StemJepa.Training.Corpus.Rendering;

namespace StemJepa.Training.Corpus.TestSets;

/// <summary>One song of a test set and how it is rendered. Immutable.</summary>
/// <param name="Song">The music.</param>
/// <param name="Plan">How it sounds.</param>
/// <param name="VariantOf">The song of the set that it is another rendering of; null for the others.</param>
public sealed record TestSongPlan(SourceSong Song, RenderPlan Plan, string? VariantOf)
{
    /// <summary>"composed" or "real".</summary>
    public string Kind => Song.Labels is null ? "real" : "composed";
}
