using CsCheck;
using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>What holds of every draw, whatever the seed: CsCheck prints the one that fails.</summary>
public sealed class CoherenceProtocolTests
{
    private const int Chunk = 100;

    private static readonly Gen<int> Seeds = Gen.Int[0, 1_000_000];

    /// <summary>Six songs, the last too short; in each chunk the stems sound that the bits of its hundredth place say.</summary>
    private sealed class Songs : ICoherenceSongs
    {
        public int Count => 6;

        public int Length(int song) => song == 5 ? Chunk - 1 : 1000 * (song + 1);

        public IReadOnlyList<Stem> Sounding(int song, int start, int length)
        {
            Assert.InRange(start, 0, Length(song) - length);
            Assert.Equal(Chunk, length);
            int set = start / Chunk * 7 + song;
            return [.. Stem.Roles.Where(stem => (set >> stem.Role & 1) != 0)];
        }
    }

    [Fact]
    public void Anchor_and_positive_are_disjoint_non_empty_and_sound_in_one_chunk() => Seeds.Sample(seed =>
    {
        var songs = new Songs();
        IReadOnlyList<CoherencePair> pairs = new CoherenceProtocol(songs, Chunk, seed).Draw(50);
        Assert.Equal(50, pairs.Count);
        foreach (CoherencePair pair in pairs)
        {
            IReadOnlyList<Stem> sounding = songs.Sounding(pair.Song, pair.Start, Chunk);
            Assert.NotEmpty(pair.Anchor);
            Assert.NotEmpty(pair.Positive);
            Assert.Empty(pair.Anchor.Intersect(pair.Positive));
            Assert.All(pair.Anchor.Concat(pair.Positive), stem => Assert.Contains(stem, sounding));
            Assert.Equal(pair.Anchor.Order(), pair.Anchor);
            Assert.Equal(pair.Positive.Order(), pair.Positive);
        }
    });

    [Fact]
    public void Distractors_obey_their_rule_and_are_different_pairs() =>
        Gen.Select(Seeds, Gen.Enum<DistractorRule>()).Sample((seed, rule) =>
    {
        var protocol = new CoherenceProtocol(new Songs(), Chunk, seed);
        IReadOnlyList<CoherencePair> pairs = protocol.Draw(60), further = protocol.DrawFromSameSongs(pairs, 7);
        CoherencePair[] all = [.. pairs, .. further];
        for (int query = 0; query < pairs.Count; query++)
        {
            CoherencePair own = pairs[query];
            int[] distractors = protocol.Distractors(pairs, further, query, rule, 7);
            Assert.DoesNotContain(query, distractors);
            Assert.Equal(distractors.Length, distractors.Distinct().Count());
            Assert.All(distractors.Select(index => all[index]), other => Assert.True(rule switch
            {
                DistractorRule.Any => true,
                DistractorRule.OtherSongs => other.Song != own.Song,
                DistractorRule.OtherSongsSameKind => other.Song != own.Song && other.Positive.ToHashSet().SetEquals(own.Positive),
                _ => other.Song == own.Song && (other.Start + Chunk <= own.Start || own.Start + Chunk <= other.Start),
            }));
            if (rule is DistractorRule.Any or DistractorRule.SameSong)
                Assert.Equal(7, distractors.Length);
            if (rule != DistractorRule.SameSong)
                Assert.All(distractors, index => Assert.InRange(index, 0, pairs.Count - 1));
        }
    }, iter: 40);

    [Fact]
    public void The_same_seed_draws_the_same_and_another_seed_something_else() => Seeds.Sample(seed =>
    {
        Assert.Equal(Draws(seed), Draws(seed));
        Assert.NotEqual(Draws(seed), Draws(seed + 1));
    }, iter: 20);

    [Fact]
    public void All_splits_of_the_sounding_stems_are_drawn()
    {
        // Three stems: 6 anchors; the positive is the other stem, or one of the 3 subsets of two others.
        var pairs = new CoherenceProtocol(new ThreeStems(), Chunk, seed: 1).Draw(1000);
        string Name(CoherencePair pair) => string.Join(' ', pair.Anchor) + " | " + string.Join(' ', pair.Positive);
        Assert.Equal(3 * 1 + 3 * 3, pairs.Select(Name).Distinct().Count());
        Assert.InRange(pairs.Count(pair => pair.Anchor.Length == 1), 440, 560);
    }

    [Fact]
    public void Music_of_one_stem_is_refused_with_what_would_help()
    {
        var error = Assert.Throws<StemJepaException>(() => new CoherenceProtocol(new OneStem(), Chunk, seed: 1).Draw(1));
        Assert.Contains("two stems sound", error.Message);
    }

    private sealed class ThreeStems : ICoherenceSongs
    {
        public int Count => 1;

        public int Length(int song) => Chunk;

        public IReadOnlyList<Stem> Sounding(int song, int start, int length) => [Stem.Bass, Stem.Drums, Stem.Vocals];
    }

    private sealed class OneStem : ICoherenceSongs
    {
        public int Count => 1;

        public int Length(int song) => 10 * Chunk;

        public IReadOnlyList<Stem> Sounding(int song, int start, int length) => [Stem.Bass];
    }

    private static string Draws(int seed)
    {
        var protocol = new CoherenceProtocol(new Songs(), Chunk, seed);
        IReadOnlyList<CoherencePair> pairs = protocol.Draw(30), further = protocol.DrawFromSameSongs(pairs, 7);
        string Name(CoherencePair pair) => $"{pair.Song} {pair.Start} {string.Join(',', pair.Anchor)} {string.Join(',', pair.Positive)}";
        string Others(DistractorRule rule) => string.Join(',', protocol.Distractors(pairs, further, 3, rule, 7));
        return string.Join('\n', pairs.Concat(further).Select(Name).Concat(Enum.GetValues<DistractorRule>().Select(Others)));
    }
}
