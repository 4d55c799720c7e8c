namespace StemJepa.Training.Corpora;

/// <summary>An excerpt of a song for the tool's demo.</summary>
/// <param name="Title">The song's name for people.</param>
/// <param name="Song">The song it is cut from.</param>
/// <param name="StartSeconds">Where it begins in the rendered song.</param>
/// <param name="Activity">How much its least active stem plays, as <see cref="ExcerptPicker"/> measures it.</param>
/// <param name="Stems">One recording for each <see cref="Stem"/>, by its number.</param>
public sealed record DemoExcerpt(string Title, SongRecord Song, double StartSeconds, double Activity, IReadOnlyList<AudioClip> Stems);
