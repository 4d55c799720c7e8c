using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// Retrieval by the paper's protocol (section 4.2): each stem of each song is taken out of its mix, and the prediction for the rest is
/// compared with every stem of every song. Stems that are silent throughout are neither queries nor targets.
/// </summary>
/// <param name="songs">Songs of one split.</param>
/// <param name="seconds">Only the first so many seconds of each song.</param>
internal sealed class RetrievalEvaluation(IEnumerable<CorpusSong> songs, double seconds = double.PositiveInfinity) : IDisposable
{
    private readonly CorpusAudio _audio = new([.. songs]);

    /// <summary>Passes every query and its target to a method, which can then compute its affinities.</summary>
    /// <returns>The queries, in the order in which they were passed.</returns>
    /// <exception cref="StemJepaException">Every stem of every song is silent.</exception>
    public IReadOnlyList<RetrievalQuery> Show(IRetrievalMethod method, Action<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var queries = new List<RetrievalQuery>();
        for (int song = 0; song < _audio.Songs.Count; song++)
        {
            foreach (var (stem, mix, target) in QueriesOf(song))
            {
                cancellationToken.ThrowIfCancellationRequested();
                method.Add(Clip(mix), stem, Clip(target));
                queries.Add(new RetrievalQuery(_audio.Songs[song].Name, stem));
            }
            progress?.Invoke((song + 1.0) / _audio.Songs.Count);
        }
        return queries.Count > 0
            ? queries
            : throw new StemJepaException(
                $"{_audio.Songs[0].Folder} and the {_audio.Songs.Count - 1} other songs: every stem is silent; name a corpus with music "
                + $"in it.");
    }

    public void Dispose() => _audio.Dispose();

    private IEnumerable<(Stem Stem, float[] Mix, float[] Target)> QueriesOf(int song)
    {
        int length = (int)Math.Min(_audio.Length(song), seconds * FrontEndSettings.SampleRate);
        float[][] stems = _audio.ReadAll(song, 0, length);
        for (int stem = 0; stem < stems.Length; stem++)
        {
            if (stems[stem].AsSpan().ContainsAnyExcept(0f))
                yield return ((Stem)stem, CorpusAudio.MixWithout(stems, stem), stems[stem]);
        }
    }

    private static AudioClip Clip(float[] samples) => new(samples, FrontEndSettings.SampleRate);
}

/// <summary>A query: the stem of a song that is missing, which is also its target.</summary>
/// <param name="Song">Name of the song.</param>
/// <param name="Stem">The stem.</param>
internal sealed record RetrievalQuery(string Song, Stem Stem)
{
    /// <summary>Whether people wrote the song, and it is not a variant of another.</summary>
    public bool IsReal => !Song.StartsWith(Composer.Prefix, StringComparison.Ordinal) && !Song.Contains(CorpusSong.VariantMark);
}
