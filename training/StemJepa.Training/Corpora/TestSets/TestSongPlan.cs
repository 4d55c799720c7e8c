namespace StemJepa.Training.Corpora;

/// <summary>One song of a test set. Immutable; thread-safe.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsComposed">True for composed songs, false for real ones.</param>
/// <param name="VariantOf">The song of the set that it is another rendering of; null for the others.</param>
/// <param name="Music">The music and how it sounds; composed once, when it is first asked for.</param>
public sealed record TestSongPlan(string Name, bool IsComposed, string? VariantOf, Lazy<Task<(SourceSong Song, RenderPlan Plan)>> Music)
{
    /// <summary>"composed" or "real".</summary>
    public string Kind => IsComposed ? "composed" : "real";
}
