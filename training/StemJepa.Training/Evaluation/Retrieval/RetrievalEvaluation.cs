using System.Numerics.Tensors;
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
/// <param name="families">True to open the stems of instrument families, for <see cref="FamilyQueries"/>.</param>
internal sealed class RetrievalEvaluation(IEnumerable<CorpusSong> songs, double seconds = double.PositiveInfinity,
    double? pieceSeconds = null, bool families = false) : IDisposable
{
    /// <summary>Number of stems that must sound in a piece.</summary>
    public const int LeastStemsOfPiece = 3;

    private readonly CorpusAudio _audio = new([.. songs], families ? InstrumentFamilies.All : null);

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

    /// <summary>
    /// Each instrument family of each song that sounds, with all else that the song plays, if that sounds; song by song.
    /// </summary>
    /// <param name="progress">Takes the share of the songs that are done.</param>
    /// <exception cref="StemJepaException">No song has the stem of a family.</exception>
    public IEnumerable<(string Family, AudioClip Mix, AudioClip Target)> FamilyQueries(Action<double> progress)
    {
        if (!Enumerable.Range(0, _audio.Songs.Count).Any(song => _audio.FamiliesOf(song).Count > 0))
            throw new StemJepaException($"{_audio.Songs[0].Folder} and the {_audio.Songs.Count - 1} other songs: none has the stem of an "
                + "instrument family; render the corpus with --families.");
        for (int song = 0; song < _audio.Songs.Count; song++)
        {
            foreach ((_, int start, int length) in PartsOf(song))
            foreach (int family in _audio.FamiliesOf(song))
            {
                float[] target = new float[length], mix = new float[length], other = new float[length];
                _audio.ReadFamily(song, family, start, target, mix);
                foreach (int role in Enumerable.Range(0, CorpusAudio.Stems).Except(_audio.RolesOf(song, family)))
                {
                    _audio.Read(song, role, start, other);
                    TensorPrimitives.Add(mix, other, mix);
                }
                if (CorpusAudio.IsSounding(target) && CorpusAudio.IsSounding(mix))
                    yield return (InstrumentFamilies.All[family], Clip(mix), Clip(target));
            }
            progress((song + 1.0) / _audio.Songs.Count);
        }
    }

    public void Dispose() => _audio.Dispose();

    private string Nothing => pieceSeconds is { } length
        ? FormattableString.Invariant($"no piece of {length} s has {LeastStemsOfPiece} stems that sound; ask for other --pieces or ")
            + "name a corpus with more stems"
        : "every stem is silent; name a corpus with music in it";

    private IEnumerable<(string Name, Stem Stem, float[] Mix, float[] Target)> QueriesOf(int song) => PartsOf(song).SelectMany(part =>
    {
        float[][] stems = _audio.ReadAll(song, part.Start, part.Length);
        return pieceSeconds is null ? Queries(part.Name, stems, least: 0, stem => stem.AsSpan().ContainsAnyExcept(0f))
            : Queries(part.Name, stems, LeastStemsOfPiece, stem => CorpusAudio.IsSounding(stem));
    });

    /// <summary>The song, or its pieces.</summary>
    private IEnumerable<(string Name, int Start, int Length)> PartsOf(int song)
    {
        const int rate = FrontEndSettings.SampleRate;
        string name = _audio.Songs[song].Name;
        int length = (int)Math.Min(_audio.Length(song), seconds * rate);
        if (pieceSeconds is not { } asked)
            return [(name, 0, length)];
        int piece = (int)(asked * rate);
        return Enumerable.Range(0, length / piece).Select(index => index * piece)
            .Select(start => (FormattableString.Invariant($"{name} from {(double)start / rate} s"), start, piece));
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
