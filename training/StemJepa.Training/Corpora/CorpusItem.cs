namespace StemJepa.Training.Corpora;

/// <summary>A song that a corpus is to hold. What it costs to make, such as composing it, is in <paramref name="Prepare"/>.</summary>
/// <param name="Name">Its name, unique in the corpus.</param>
/// <param name="Split">"train" or "test".</param>
/// <param name="Seed">The seed that decides how it sounds; null for a song that is rendered as it was written.</param>
/// <param name="Prepare">Gives the music and the plan.</param>
public sealed record CorpusItem(string Name, string Split, int? Seed, Func<CancellationToken, Task<(SourceSong Song, RenderPlan Plan)>> Prepare);
