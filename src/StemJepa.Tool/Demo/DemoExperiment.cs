namespace StemJepa.Tool.Demo;

/// <summary>
/// Takes each stem of each song out in turn, predicts it from the other three, and ranks the stems of the same kind of all songs.
/// </summary>
internal static class DemoExperiment
{
    /// <summary>How many predictions and embeddings <see cref="Run"/> makes.</summary>
    public static int Steps(IReadOnlyList<DemoSong> songs) => songs.Sum(song => 2 * song.Stems.Count);

    /// <summary>One ranking for each kind of stem, in the order of <see cref="Stem"/>.</summary>
    public static IReadOnlyList<DemoRanking> Run(
        IStemAffinity model, IReadOnlyList<DemoSong> songs, WorkProgress progress, CancellationToken cancellationToken) =>
        [.. Stem.Roles.Select(stem => Rank(model, songs, stem, progress, cancellationToken))];

    private static DemoRanking Rank(
        IStemAffinity model, IReadOnlyList<DemoSong> songs, Stem stem, WorkProgress progress, CancellationToken cancellationToken)
    {
        StemEmbedding[] candidates = [.. songs.Select(song => Step(() => model.Embed(song.Stems[stem.Role])))];
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

/// <summary>The affinities of all mixes without one kind of stem with all stems of that kind.</summary>
/// <param name="Stem">The kind.</param>
/// <param name="Affinities">Cosines, [song whose mix it is, song whose stem it is].</param>
internal sealed record DemoRanking(Stem Stem, float[,] Affinities)
{
    /// <summary>How many songs there are.</summary>
    public int Songs => Affinities.GetLength(0);

    /// <summary>Where the true stem of a song's mix landed, from 1; of equals the true one comes last.</summary>
    public int RankOfTrue(int song)
    {
        int better = 0;
        for (int candidate = 0; candidate < Songs; candidate++)
        {
            if (candidate != song && Affinities[song, candidate] >= Affinities[song, song])
                better++;
        }
        return better + 1;
    }

    /// <summary>The song whose stem fits a song's mix best.</summary>
    public int Best(int song)
    {
        if (RankOfTrue(song) == 1)
            return song;
        int best = song == 0 ? 1 : 0;
        for (int candidate = 0; candidate < Songs; candidate++)
        {
            if (candidate != song && Affinities[song, candidate] > Affinities[song, best])
                best = candidate;
        }
        return best;
    }
}
