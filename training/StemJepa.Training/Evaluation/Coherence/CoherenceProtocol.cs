using StemJepa.Training.Corpora;

namespace StemJepa.Training.Evaluation;

/// <summary>What is known of songs before pairs are drawn from them. Implementations are thread-safe.</summary>
internal interface ICoherenceSongs
{
    /// <summary>Number of songs.</summary>
    int Count { get; }

    /// <summary>Samples of a song.</summary>
    int Length(int song);

    /// <summary>The stems that sound in a chunk, in the order of their numbers.</summary>
    IReadOnlyList<Stem> Sounding(int song, int start, int length);
}

/// <summary>A chunk of one song, of which the sums of two disjoint sets of stems belong together.</summary>
/// <param name="Song">Index of the song.</param>
/// <param name="Start">First sample of the chunk.</param>
/// <param name="Anchor">The stems that are asked with: at least one, ascending.</param>
/// <param name="Positive">The stems that are sought: at least one, ascending, none of them in the anchor.</param>
internal sealed record CoherencePair(int Song, int Start, Stem[] Anchor, Stem[] Positive);

/// <summary>
/// Draws the pairs of PHALAR's protocol (arXiv 2605.03929): a song, a chunk of it in which at least two stems sound, a random non-empty
/// proper subset of these as the anchor and a random non-empty subset of the others as the positive. Every choice is uniform, and all are
/// functions of the seed. Not thread-safe.
/// </summary>
/// <param name="songs">Where pairs come from.</param>
/// <param name="chunk">Samples of a chunk.</param>
/// <param name="seed">Decides songs, times and stems.</param>
internal sealed class CoherenceProtocol(ICoherenceSongs songs, int chunk, int seed)
{
    /// <summary>Draws in a row without two sounding stems after which there is held to be no music.</summary>
    private const int Patience = 10_000;

    private readonly int[] _longEnough = [.. Enumerable.Range(0, songs.Count).Where(song => songs.Length(song) >= chunk)];

    /// <summary>Draws pairs from all songs.</summary>
    /// <exception cref="StemJepaException">No chunk was found in which two stems sound.</exception>
    public IReadOnlyList<CoherencePair> Draw(int count)
    {
        Random random = SeededRandom.For($"{seed}/coherence");
        return [.. Enumerable.Range(0, count).Select(_ => Next(random, _longEnough) ?? throw NothingSounds())];
    }

    /// <summary>
    /// Draws further pairs from the songs of <paramref name="pairs"/>, until each of these has at least <paramref name="others"/> pairs of
    /// its own song, among these and the further ones, whose chunks do not overlap its own. A song that is too short for that ends with
    /// what it has.
    /// </summary>
    public IReadOnlyList<CoherencePair> DrawFromSameSongs(IReadOnlyList<CoherencePair> pairs, int others)
    {
        var further = new List<CoherencePair>();
        foreach (IGrouping<int, CoherencePair> group in pairs.GroupBy(pair => pair.Song).OrderBy(group => group.Key))
        {
            Random random = SeededRandom.For($"{seed}/coherence/same song/{group.Key}");
            List<CoherencePair> ofSong = [.. group];
            int[] lacking = [.. group.Select(pair => others - ofSong.Count(other => IsOtherTime(pair, other)))];
            for (int tries = 0; tries < 10 * others && lacking.Any(count => count > 0) && Next(random, [group.Key]) is { } drawn; tries++)
            {
                further.Add(drawn);
                int index = 0;
                foreach (CoherencePair pair in group)
                    lacking[index++] -= IsOtherTime(pair, drawn) ? 1 : 0;
            }
        }
        return further;
    }

    /// <summary>
    /// The pairs whose positives a query is compared with besides its own, in random order: at most <paramref name="count"/> of those that
    /// the rule allows, so the first K - 1 of them are the distractors among K.
    /// </summary>
    /// <param name="pairs">Those that queries are drawn from.</param>
    /// <param name="further">Those of <see cref="DrawFromSameSongs"/>, numbered after <paramref name="pairs"/>; used where the rule is <see
    /// cref="DistractorRule.SameSong"/>.</param>
    /// <param name="query">Index of the query in <paramref name="pairs"/>.</param>
    /// <param name="rule">Which pairs are allowed.</param>
    /// <param name="count">How many are wanted.</param>
    public int[] Distractors(
        IReadOnlyList<CoherencePair> pairs, IReadOnlyList<CoherencePair> further, int query, DistractorRule rule, int count)
    {
        CoherencePair own = pairs[query];
        IEnumerable<int> allowed = Enumerable.Range(0, pairs.Count).Where(index => index != query && Allows(rule, own, pairs[index]));
        if (rule == DistractorRule.SameSong)
        {
            allowed = allowed.Concat(Enumerable.Range(0, further.Count)
                .Where(index => Allows(rule, own, further[index])).Select(index => pairs.Count + index));
        }
        int[] drawn = [.. allowed];
        SeededRandom.For($"{seed}/coherence/{rule}/{query}").Shuffle(drawn);
        return drawn.Length > count ? drawn[..count] : drawn;
    }

    /// <summary>Whether the positive of another pair may be a distractor of <paramref name="query"/>.</summary>
    public bool Allows(DistractorRule rule, CoherencePair query, CoherencePair other) => rule switch
    {
        DistractorRule.Any => true,
        DistractorRule.OtherSongs => other.Song != query.Song,
        DistractorRule.OtherSongsSameKind => other.Song != query.Song && other.Positive.AsSpan().SequenceEqual(query.Positive),
        DistractorRule.SameSong => IsOtherTime(query, other),
        _ => throw new ArgumentOutOfRangeException(nameof(rule)),
    };

    /// <summary>Whether two chunks are of one song and do not overlap.</summary>
    private bool IsOtherTime(CoherencePair pair, CoherencePair other) =>
        other.Song == pair.Song && Math.Abs(other.Start - pair.Start) >= chunk;

    private StemJepaException NothingSounds() => new(
        FormattableString.Invariant($"No chunk of {(double)chunk / FrontEndSettings.SampleRate} s was found in which two stems sound; ")
        + "ask for fewer --seconds or name a corpus with more stems.");

    private CoherencePair? Next(Random random, IReadOnlyList<int> from)
    {
        for (int tries = 0; from.Count > 0 && tries < Patience; tries++)
        {
            int song = random.Pick(from), start = random.Next(songs.Length(song) - chunk + 1);
            Stem[] sounding = [.. songs.Sounding(song, start, chunk)];
            if (sounding.Length < 2)
                continue;
            Stem[] anchor = Subset(random, sounding, isProper: true);
            return new CoherencePair(song, start, anchor, Subset(random, [.. sounding.Except(anchor)], isProper: false));
        }
        return null;
    }

    /// <summary>A non-empty subset, each with the same probability.</summary>
    private static Stem[] Subset(Random random, Stem[] stems, bool isProper)
    {
        int set = random.Next(1, (1 << stems.Length) - (isProper ? 1 : 0));
        return [.. stems.Where((_, index) => (set >> index & 1) != 0)];
    }
}

/// <summary>Whose positives a pair's own is compared with.</summary>
internal enum DistractorRule
{
    /// <summary>All other pairs, those of other times of the same song among them.</summary>
    Any,

    /// <summary>Pairs of other songs.</summary>
    OtherSongs,

    /// <summary>Pairs of other songs whose positive is of the same stems.</summary>
    OtherSongsSameKind,

    /// <summary>Pairs of the same song whose chunks do not overlap the query's.</summary>
    SameSong,
}
