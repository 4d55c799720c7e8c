namespace StemJepa.Catalog.Tests;

public sealed class MusicalKeyTests
{
    [Theory]
    [InlineData("A minor", "A minor")]
    [InlineData("Am", "A minor")]
    [InlineData("bb maj", "Bb major")]
    [InlineData("A# Major", "Bb major")]
    [InlineData("f#min", "F# minor")]
    [InlineData("C♯:min", "C# minor")]
    [InlineData("C", "C major")]
    [InlineData("Cb", "B major")]
    [InlineData("Bm", "B minor")]
    public void Spellings_are_read(string text, string expected)
    {
        Assert.True(MusicalKey.TryParse(text, out MusicalKey key));
        Assert.Equal(expected, key.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("H")]
    [InlineData("A dorian")]
    [InlineData("Amen")]
    public void Other_words_are_not_keys(string? text) => Assert.False(MusicalKey.TryParse(text, out _));

    [Fact]
    public void Names_read_back_to_the_same_key()
    {
        for (int number = 0; number < MusicalKey.Count; number++)
        {
            MusicalKey key = MusicalKey.FromNumber(number);
            Assert.True(MusicalKey.TryParse(key.ToString(), out MusicalKey read));
            Assert.Equal(key, read);
        }
    }

    /// <summary>Oracle: the Camelot wheel, on which compatible keys are neighbours.</summary>
    [Theory]
    [InlineData("A minor", "C major", "E minor", "D minor")]
    [InlineData("C major", "A minor", "G major", "F major")]
    [InlineData("F# minor", "A major", "C# minor", "B minor")]
    [InlineData("Eb major", "C minor", "Bb major", "Ab major")]
    public void Compatible_keys_are_the_neighbours_on_the_wheel(string key, params string[] neighbours)
    {
        Assert.True(MusicalKey.TryParse(key, out MusicalKey parsed));
        Assert.Equal([key, .. neighbours], parsed.Compatible().Select(compatible => compatible.ToString()));
    }

    [Fact]
    public void Compatibility_is_mutual() => Assert.All(Enumerable.Range(0, MusicalKey.Count).Select(MusicalKey.FromNumber), key =>
        Assert.All(key.Compatible(), other => Assert.Contains(key, other.Compatible())));

    [Fact]
    public void Keys_parse_as_TryParse_does_or_say_what_works()
    {
        Assert.Equal("A minor", MusicalKey.Parse("Am").ToString());
        Assert.True(MusicalKey.TryParse("Bb maj", null, out MusicalKey key));
        Assert.Equal("Bb major", key.ToString());
        Assert.Contains("'H major'", Assert.Throws<FormatException>(() => MusicalKey.Parse("H major")).Message);
        Assert.Throws<ArgumentNullException>(() => MusicalKey.Parse(null!));
    }
}
