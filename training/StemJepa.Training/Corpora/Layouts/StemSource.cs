namespace StemJepa.Training.Corpora;

/// <summary>One recording that belongs to a stem.</summary>
/// <param name="Stem">The stem that it is added to.</param>
/// <param name="Path">A file that exists.</param>
/// <param name="Stream">Which of the file's audio streams, from 0.</param>
internal sealed record StemSource(Stem Stem, string Path, int Stream = 0);
