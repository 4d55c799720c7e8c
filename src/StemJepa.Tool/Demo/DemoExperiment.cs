using StemJepa.Tool.Output;

namespace StemJepa.Tool.Demo;

/// <summary>Takes each stem of each song out in turn, predicts it from the other three, and ranks the stems of the same kind of all songs.</summary>
internal static class DemoExperiment
{
    /// <summary>How many predictions and embeddings <see cref="Run"/> makes.</summary>
    public static int Steps(IReadOnlyList<DemoSong> songs) => songs.Sum(song => 2 * song.Stems.Count);

    /// <summary>One ranking for each kind of stem, in the order of <see cref="Stem"/>.</summary>
    public static IReadOnlyList<DemoRanking> Run(
        IStemAffinity model, IReadOnlyList<DemoSong> songs, WorkProgress progress, CancellationToken cancellationToken) =>
        [.. Enum.GetValues<Stem>().Select(stem => Rank(model, songs, stem, progress, cancellationToken))];

    private static DemoRanking Rank(
        IStemAffinity model, IReadOnlyList<DemoSong> songs, Stem stem, WorkProgress progress, CancellationToken cancellationToken)
    {
        StemEmbedding[] candidates = [.. songs.Select(song => Step(() => model.Embed(song.Stems[(int)stem])))];
        StemEmbedding[] predictions = [.. songs.Select(song => Step(() => model.Predict(song.MixWithout(stem), stem)))];
        var affinities = new float[songs.Count, songs.Count];
        for (int query = 0; query < songs.Count; query++)
        {
            for (int candidate = 0; candidate < songs.Count; candidate++)
                affinities[query, candidate] = predictions[query].Similarity(candidates[candidate]);
        }
        return new DemoRanking(stem, affinities);

        StemEmbedding Step(Func<StemEmbedding> embed)
        {
            cancellationToken.ThrowIfCancellationRequested();
            StemEmbedding embedding = embed();
            progress.CompleteItem();
            return embedding;
        }
    }
}
