namespace StemJepa.Training.Corpora;

/// <summary>A section as it is played once. Immutable.</summary>
/// <param name="Letter">'A', 'B', 'C': sections of one letter have the same chords and melody, perhaps in another key.</param>
/// <param name="Key">The key it is played in.</param>
/// <param name="Bars">The chords by bar: one, or two that share the bar.</param>
/// <param name="Groove">What it is played with.</param>
public sealed record SongSection(char Letter, Key Key, IReadOnlyList<IReadOnlyList<Chord>> Bars, Groove Groove);
