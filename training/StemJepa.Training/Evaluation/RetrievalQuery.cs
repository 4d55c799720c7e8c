using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>What one query asks for, and what its target is: a stem of a song.</summary>
/// <param name="Song">Name of the song.</param>
/// <param name="Stem">The stem.</param>
internal sealed record RetrievalQuery(string Song, Stem Stem)
{
    /// <summary>Whether people wrote the song, and it is not a variant of another.</summary>
    public bool IsReal => !Song.StartsWith(Composer.Prefix, StringComparison.Ordinal) && !Song.Contains(CorpusSong.VariantMark);
}
