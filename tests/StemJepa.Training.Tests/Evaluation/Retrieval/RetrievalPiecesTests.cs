using StemJepa.TestSupport;
using StemJepa.Training.Corpora;
using StemJepa.Training.Evaluation;
using StemJepa.Training.Tests.Corpora;

namespace StemJepa.Training.Tests.Evaluation;

public sealed class RetrievalPiecesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private sealed class Recording : IRetrievalMethod
    {
        public readonly List<(AudioClip Mix, Stem Missing, AudioClip Target)> Added = [];

        public void Add(AudioClip mix, Stem missing, AudioClip target) => Added.Add((mix, missing, target));

        public AffinityMatrix Affinities(CancellationToken cancellationToken = default) => new(Added.Count);
    }

    [Fact]
    public void Pieces_with_fewer_than_three_sounding_stems_are_left_out_and_so_are_silent_stems_and_the_rest()
    {
        // Pieces of 1 s: all four sound; two sound; three sound, the fourth at a peak of 0.005; half a second is left.
        Save(Stem.Bass, 0.2, 0.2, 0.2, 0.2);
        Save(Stem.Drums, 0.2, 0.2, 0.2, 0.2);
        Save(Stem.Other, 0.2, 0, 0.2, 0.2);
        Save(Stem.Vocals, 0.2, 0, 0.005, 0.2);
        using var evaluation = new RetrievalEvaluation(CorpusFolder.Songs(_folder.PathOf("corpus"), SongSplit.Test), pieceSeconds: 1);
        var method = new Recording();
        IReadOnlyList<RetrievalQuery> queries = evaluation.Show(method);

        Assert.Equal(
            [
                ("song from 0 s", Stem.Bass), ("song from 0 s", Stem.Drums), ("song from 0 s", Stem.Other), ("song from 0 s", Stem.Vocals),
                ("song from 2 s", Stem.Bass), ("song from 2 s", Stem.Drums), ("song from 2 s", Stem.Other),
            ],
            queries.Select(query => (query.Song, query.Stem)));
        Assert.All(method.Added, item => Assert.Equal((TinyDataSet.Rate, TinyDataSet.Rate),
            (item.Mix.Samples.Length, item.Target.Samples.Length)));
        Assert.Equal(TinyDataSet.Tone(TinyDataSet.HertzOf(Stem.Other)), method.Added[6].Target.Samples.ToArray());
    }

    [Fact]
    public void Corpus_without_such_a_piece_is_refused()
    {
        Save(Stem.Bass, 0.2);
        Save(Stem.Drums, 0.2);
        using var evaluation = new RetrievalEvaluation(CorpusFolder.Songs(_folder.PathOf("corpus"), SongSplit.Test), pieceSeconds: 0.25);
        Assert.Contains("--pieces", Assert.Throws<StemJepaException>(() => evaluation.Show(new Recording())).Message);
    }

    /// <summary>A second of a tone for each amplitude, half a second for the last.</summary>
    private void Save(Stem stem, params double[] amplitudes)
    {
        float[] samples = [.. amplitudes.SelectMany(amplitude => TinyDataSet.Tone(TinyDataSet.HertzOf(stem), amplitude))];
        Directory.CreateDirectory(_folder.PathOf("corpus/test/song"));
        new AudioClip(samples.AsMemory(0, samples.Length - TinyDataSet.Rate / 2), TinyDataSet.Rate).Save(
            _folder.PathOf($"corpus/test/song/{CorpusSong.FileOf(stem)}"));
    }
}
