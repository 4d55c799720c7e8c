namespace StemJepa.Analysis.Tests;

/// <summary>Which of three sources tells key and tempo of a mix. Worked by hand.</summary>
public sealed class MixFactsTests
{
    private static readonly NameHints Name = new() { Key = MusicalKey.Parse("A minor"), Tempo = 100 };

    [Theory]
    [InlineData(0.99, "D major", 140.0)]
    [InlineData(0.6, "A minor", 100.0)]
    public void A_sure_sound_wins_over_the_name_and_an_unsure_one_does_not(double confidence, string key, double tempo)
    {
        var facts = MixFacts.From(Name, Sound(confidence));
        Assert.Equal((MusicalKey.Parse(key), tempo), (facts.Key, facts.Tempo));
        Assert.False(facts.IsKeyUnsure || facts.IsTempoUnsure);
    }

    [Fact]
    public void What_is_given_wins_over_both()
    {
        var facts = MixFacts.From(Name, Sound(0.99), MusicalKey.Parse("E major"), 77);
        Assert.Equal(new MixFacts(MusicalKey.Parse("E major"), 77), facts);
    }

    [Fact]
    public void Where_nothing_is_sure_the_likeliest_by_the_sound_is_taken_and_said_to_be_unsure()
    {
        var facts = MixFacts.From(new NameHints(), Sound(0.3));
        Assert.Equal((MusicalKey.Parse("D major"), 140.0, true, true), (facts.Key, facts.Tempo, facts.IsKeyUnsure, facts.IsTempoUnsure));
    }

    [Fact]
    public void A_silent_mix_is_what_its_name_says()
    {
        Assert.Equal(new MixFacts(Name.Key, 100), MixFacts.From(Name, Sound(0.99) with { IsSilent = true }));
        Assert.Equal(new MixFacts(null, null), MixFacts.From(new NameHints(), Sound(0.99) with { IsSilent = true }));
    }

    [Fact]
    public void Only_known_values_relate()
    {
        var facts = new MixFacts(MusicalKey.Parse("C major"), null);
        Assert.Equal(KeyRelation.Relative, facts.Match(MusicalKey.Parse("A minor"))!.Value.Relation);
        Assert.Null(facts.Match((MusicalKey?)null));
        Assert.Null(facts.Match(120.0));
    }

    [Theory]
    [InlineData("6%", 0.06)]
    [InlineData("0%", 0.0)]
    [InlineData("100%", 1.0)]
    [InlineData("2.5%", 0.025)]
    [InlineData("6", null)]
    [InlineData("101%", null)]
    [InlineData("-1%", null)]
    [InlineData("NaN%", null)]
    [InlineData("%", null)]
    [InlineData("", null)]
    public void A_tolerance_is_a_percentage(string text, double? share) => Assert.Equal(share, MixFacts.ParseTolerance(text));

    private static StemAnalysis Sound(double confidence) => new()
    {
        Key = MusicalKey.Parse("D major"), KeyConfidence = confidence, Tempo = 140, TempoConfidence = confidence, IsSilent = false,
        Embedding = new StemEmbedding(new float[10]), Beats = [], Instrument = "piano", InstrumentConfidence = confidence,
    };
}
