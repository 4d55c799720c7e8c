namespace StemJepa.Tool.Demo;

/// <summary>
/// All mixes that lost one kind of stem against all stems of that kind.
/// </summary>
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
