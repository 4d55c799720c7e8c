using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// Retrieval by the paper's protocol (section 4.2): each stem of each song is taken out of its mix, and what the rest asks for is
/// compared with every stem of every song. Stems that are silent throughout are neither asked for nor offered.
/// </summary>
/// <param name="songs">Songs of one split.</param>
/// <param name="seconds">Only the first so many seconds of each song.</param>
/// <param name="pieceSeconds">
/// Length of the pieces into which each song is cut, each of which counts as a song; a shorter rest is left out, and so are pieces in which fewer than
/// <see cref="LeastStemsOfPiece"/> stems sound (<see cref="CorpusAudio.IsSounding"/>). Stems that do not sound in a piece are neither asked for nor offered.
/// Null leaves songs whole.
/// </param>
internal sealed class RetrievalEvaluation(IEnumerable<CorpusSong> songs, double seconds = double.PositiveInfinity, double? pieceSeconds = null) : IDisposable
{
    /// <summary>Stems that must sound in a piece.</summary>
    public const int LeastStemsOfPiece = 3;

    private readonly CorpusAudio audio = new([.. songs]);

    /// <summary>Shows every query and its target to a method, which then can be asked for its affinities.</summary>
    /// <returns>The queries, in the order in which they were shown.</returns>
    /// <exception cref="StemJepaException">Every stem of every song is silent.</exception>
    public IReadOnlyList<RetrievalQuery> Show(IRetrievalMethod method, Action<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var queries = new List<RetrievalQuery>();
        for (int song = 0; song < audio.Songs.Count; song++)
        {
            foreach (var (name, stem, mix, target) in pieceSeconds is { } length ? QueriesOfPieces(song, (int)(length * FrontEndSettings.SampleRate)) : QueriesOf(song))
            {
                cancellationToken.ThrowIfCancellationRequested();
                method.Add(Clip(mix), stem, Clip(target));
                queries.Add(new RetrievalQuery(name, stem));
            }
            progress?.Invoke((song + 1.0) / audio.Songs.Count);
        }
        return queries.Count > 0
            ? queries
            : throw new StemJepaException($"{audio.Songs[0].Folder} and the {audio.Songs.Count - 1} other songs: {Nothing}.");
    }

    public void Dispose() => audio.Dispose();

    private string Nothing => pieceSeconds is { } length
        ? FormattableString.Invariant($"no piece of {length} s has {LeastStemsOfPiece} stems that sound; ask for other --pieces or name a corpus with more stems")
        : "every stem is silent; name a corpus with music in it";

    private int Length(int song) => (int)Math.Min(audio.Length(song), seconds * FrontEndSettings.SampleRate);

    private IEnumerable<(string Name, Stem Stem, float[] Mix, float[] Target)> QueriesOf(int song)
    {
        float[][] stems = audio.ReadAll(song, 0, Length(song));
        return Queries(audio.Songs[song].Name, stems, [.. Enumerable.Range(0, stems.Length).Where(stem => stems[stem].AsSpan().ContainsAnyExcept(0f))]);
    }

    private IEnumerable<(string Name, Stem Stem, float[] Mix, float[] Target)> QueriesOfPieces(int song, int length)
    {
        for (int start = 0; start + length <= Length(song); start += length)
        {
            float[][] stems = audio.ReadAll(song, start, length);
            int[] sounding = [.. Enumerable.Range(0, stems.Length).Where(stem => CorpusAudio.IsSounding(stems[stem]))];
            if (sounding.Length < LeastStemsOfPiece)
                continue;
            foreach (var query in Queries(FormattableString.Invariant($"{audio.Songs[song].Name} from {(double)start / FrontEndSettings.SampleRate} s"), stems, sounding))
                yield return query;
        }
    }

    private static IEnumerable<(string Name, Stem Stem, float[] Mix, float[] Target)> Queries(string name, float[][] stems, IEnumerable<int> asked) =>
        asked.Select(stem => (name, (Stem)stem, CorpusAudio.MixWithout(stems, stem), stems[stem]));

    private static AudioClip Clip(float[] samples) => new(samples, FrontEndSettings.SampleRate);
}
