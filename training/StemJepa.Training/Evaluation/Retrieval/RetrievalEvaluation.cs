using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// Retrieval by the paper's protocol (section 4.2): each stem of each song is taken out of its mix, and the prediction for the rest is
/// compared with every stem of every song. Stems that are silent throughout are neither queries nor targets.
/// </summary>
/// <param name="songs">Songs of one split.</param>
/// <param name="seconds">Only the first so many seconds of each song.</param>
/// <param name="pieceSeconds">
/// Length of the pieces into which each song is cut, each of which counts as a song; a shorter rest is left out, and so are pieces in which
/// fewer than <see cref="LeastStemsOfPiece"/> stems sound (<see cref="CorpusAudio.IsSounding"/>). Stems that do not sound in a piece are
/// neither queries nor targets. Null leaves songs whole.
/// </param>
internal sealed class RetrievalEvaluation(IEnumerable<CorpusSong> songs, double seconds = double.PositiveInfinity,
    double? pieceSeconds = null) : IDisposable
{
    /// <summary>Number of stems that must sound in a piece.</summary>
    public const int LeastStemsOfPiece = 3;

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
            foreach (var (name, stem, mix, target) in QueriesOf(song))
            {
                cancellationToken.ThrowIfCancellationRequested();
                method.Add(Clip(mix), stem, Clip(target));
                queries.Add(new RetrievalQuery(name, stem));
            }
            progress?.Invoke((song + 1.0) / _audio.Songs.Count);
        }
        return queries.Count > 0
            ? queries
            : throw new StemJepaException(
                $"{_audio.Songs[0].Folder} and the {_audio.Songs.Count - 1} other songs: {Nothing}.");
    }

    public void Dispose() => _audio.Dispose();

    private string Nothing => pieceSeconds is { } length
        ? FormattableString.Invariant($"no piece of {length} s has {LeastStemsOfPiece} stems that sound; ask for other --pieces or ")
            + "name a corpus with more stems"
        : "every stem is silent; name a corpus with music in it";

    private IEnumerable<(string Name, Stem Stem, float[] Mix, float[] Target)> QueriesOf(int song)
    {
        const int rate = FrontEndSettings.SampleRate;
        int length = (int)Math.Min(_audio.Length(song), seconds * rate);
        if (pieceSeconds is not { } asked)
            return Queries(_audio.Songs[song].Name, _audio.ReadAll(song, 0, length), least: 0, stem => stem.AsSpan().ContainsAnyExcept(0f));
        int piece = (int)(asked * rate);
        return Enumerable.Range(0, length / piece).Select(index => index * piece).SelectMany(start => Queries(
            FormattableString.Invariant($"{_audio.Songs[song].Name} from {(double)start / rate} s"), _audio.ReadAll(song, start, piece),
            LeastStemsOfPiece, stem => CorpusAudio.IsSounding(stem)));
    }

    /// <summary>A query for each stem that counts, if there are enough of them.</summary>
    private static IEnumerable<(string Name, Stem Stem, float[] Mix, float[] Target)> Queries(
        string name, float[][] stems, int least, Func<float[], bool> counts)
    {
        int[] asked = [.. Enumerable.Range(0, stems.Length).Where(stem => counts(stems[stem]))];
        return asked.Length < least ? [] : asked.Select(stem => (name, Stem.Roles[stem], CorpusAudio.MixWithout(stems, stem), stems[stem]));
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
