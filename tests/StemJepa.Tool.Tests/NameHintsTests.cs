using CsCheck;
using StemJepa.Tool.Indexing;

namespace StemJepa.Tool.Tests;

public sealed class NameHintsTests
{
    [Theory]
    [InlineData("song/bass.wav", Stem.Bass)]
    [InlineData("Drums/loop 3.wav", Stem.Drums)]
    [InlineData("Drums/other.wav", Stem.Other)]
    [InlineData("x/LeadVocals_VOX.flac", Stem.Vocals)]
    [InlineData("x/bass drum.wav", null)]
    [InlineData("x/basset hound.wav", null)]
    [InlineData("loop.wav", null)]
    public void Stems_are_named_by_whole_words(string path, Stem? expected) => Assert.Equal(expected, NameHints.Of(path).Stem);

    [Theory]
    [InlineData("loop 120bpm.wav", 120.0)]
    [InlineData("loop_98.5_BPM_x.wav", 98.5)]
    [InlineData("BPM-140 loop.wav", 140.0)]
    [InlineData("loop 120.wav", null)]
    [InlineData("loop 999bpm.wav", null)]
    [InlineData("loop 1120bpm.wav", null)]
    [InlineData("120bpmx.wav", null)]
    public void Tempos_stand_beside_bpm(string path, double? expected) => Assert.Equal(expected, NameHints.Of(path).Tempo);

    [Theory]
    [InlineData("pad Am.wav", "A minor")]
    [InlineData("pad_F#min_120bpm.wav", "F# minor")]
    [InlineData("pad Bb major.wav", "Bb major")]
    [InlineData("pad-C-Maj.wav", "C major")]
    [InlineData("pad A.wav", null)]
    [InlineData("I Am Major.wav", "A minor")]
    [InlineData("Amazing Empty Bmw.wav", null)]
    public void Keys_need_a_mode(string path, string? expected) => Assert.Equal(expected, NameHints.Of(path).Key?.ToString());

    [Fact]
    public void Every_file_is_in_exactly_one_share() =>
        Gen.Select(Gen.String, Gen.Int[1, 20]).Where(pair => !pair.Item1.Any(char.IsSurrogate)).Sample((path, count) =>
            Assert.Single(Enumerable.Range(1, count), number => new Shard(number, count).Holds(path)));

    /// <summary>Oracle: Python's hashlib.</summary>
    [Fact]
    public void Shares_do_not_depend_on_the_machine() =>
        Assert.Equal([13, 7, 7, 13], new[] { "a.wav", "b/c.wav", @"b\c.wav", "d.wav" }.Select(path =>
        Enumerable.Range(1, 16).Single(number => new Shard(number, 16).Holds(path))));
}
