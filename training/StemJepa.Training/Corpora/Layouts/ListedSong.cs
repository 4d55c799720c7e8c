namespace StemJepa.Training.Corpora;

/// <summary>A song as its data set holds it, before anything is decoded.</summary>
/// <param name="Name">Name within the data set.</param>
/// <param name="Sources">The recordings of its stems; those of one stem are summed, a stem without any is silent.</param>
internal sealed record ListedSong(string Name, IReadOnlyList<StemSource> Sources);
