using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Oracle: the rules of the roles, on songs small enough to see.</summary>
public sealed class RoleAssignmentTests
{
    private static Stem RoleOf(MidiSong song, int channel, int program) =>
        RoleAssignment.Assign(song).Single(r => r.Key.Channel == channel && r.Key.Program == program).Value;

    [Fact]
    public void ChannelTenIsDrumsProgramsOfBassesAreBassAndTheHighLineIsTheMelody()
    {
        MidiSong song = SongSketch.FourRoles().Song();
        Assert.Equal([Stem.Bass, Stem.Other, Stem.Vocals, Stem.Drums], RoleAssignment.Assign(song).Select(r => r.Value));
    }

    [Fact]
    public void WithoutABassProgramTheLowestMonophonicPartIsTheBass()
    {
        MidiSong song = new SongSketch().Line(9, 0, "", 40, 36).Line(0, 58, "tuba", 40, 36, 38)
            .Part(1, 0, "low chords", [.. Enumerable.Repeat(new[] { 30, 33 }, 40)]).Line(2, 73, "flute", 40, 72, 76).Song();
        Assert.Equal(Stem.Bass, RoleOf(song, 0, 58));
        Assert.Equal(Stem.Other, RoleOf(song, 1, 0));
    }

    [Fact]
    public void AChannelThatChangesItsProgramHasARoleForEach()
    {
        MidiSong song = SongSketch.FourRoles()
            .Part(3, 33, "", [.. Enumerable.Repeat(new[] { 40 }, 10)])
            .Track([.. Enumerable.Range(0, 10).SelectMany(b => new[]
            {
                Midi(960 + b * 96, 0xC0, 3, 0), Midi(960 + b * 96, 0x90, 3, 64), Midi(1000 + b * 96, 0x80, 3, 64),
            })], 2000).Song();
        Assert.Equal(Stem.Bass, RoleOf(song, 3, 33));
        Assert.Equal(Stem.Other, RoleOf(song, 3, 0));
    }

    [Theory]
    [InlineData("Lead", "pad", 2)]
    [InlineData("pad", "MELODY 1", 3)]
    [InlineData("vocals", "pad", 2)]
    public void TrackNamesAreHints(string first, string second, int melody)
    {
        MidiSong song = new SongSketch().Line(9, 0, "", 40, 36).Line(0, 33, "", 40, 36)
            .Line(2, 80, first, 40, 70, 72).Line(3, 80, second, 40, 71, 73).Song();
        Assert.Equal(Stem.Vocals, RoleOf(song, melody, 80));
    }

    [Fact]
    public void TheMorePresentAndTheMoreMonophonicPartIsTheMelody()
    {
        SongSketch Base() => new SongSketch().Line(9, 0, "", 40, 36).Line(0, 33, "", 40, 36);
        MidiSong present = Base().Line(2, 80, "", 12, 72).Line(3, 81, "", 40, 72).Song();
        Assert.Equal(Stem.Vocals, RoleOf(present, 3, 81));
        MidiSong monophonic = Base().Part(2, 80, "", [.. Enumerable.Repeat(new[] { 72, 76 }, 40)]).Line(3, 81, "", 40, 72).Song();
        Assert.Equal(Stem.Vocals, RoleOf(monophonic, 3, 81));
    }

    [Theory]
    [InlineData(9, "no drums")]
    [InlineData(0, "no part for the role other")]
    [InlineData(1, "no part for the role other")]
    public void SongsWithoutARoleAreRejected(int left, string reason)
    {
        var sketch = new SongSketch();
        if (left != 9) sketch.Line(9, 0, "", 40, 36);
        if (left != 0) sketch.Line(0, 33, "", 40, 36);
        if (left != 1) sketch.Part(1, 48, "", [.. Enumerable.Repeat(new[] { 36, 60, 64 }, 40)]);
        sketch.Line(2, 73, "", 40, 55, 59);
        var e = Assert.Throws<StemJepaException>(() => RoleAssignment.Assign(sketch.Song()));
        Assert.Contains(reason, e.Message);
    }

    [Fact]
    public void ShortSongsAndNearlySilentRolesAreRejected()
    {
        Assert.Contains("10.0 s", Assert.Throws<StemJepaException>(() => RoleAssignment.Assign(SongSketch.FourRoles(20).Song())).Message);
        MidiSong oneBeat = new SongSketch().Line(9, 0, "", 1, 36).Line(0, 33, "", 40, 36).Line(1, 48, "", 40, 60).Line(2, 73, "", 40, 72)
            .Song();
        Assert.Contains("nearly silent in the role drums", Assert.Throws<StemJepaException>(() => RoleAssignment.Assign(oneBeat)).Message);
    }

    [Fact]
    public void ASilentFileIsNoSong() =>
        Assert.Contains("no notes", Assert.Throws<StemJepaException>(() => new SongSketch().Track([], 100).Song()).Message);

    private static StemJepa.Training.Corpora.MidiEvent Midi(long tick, int kind, int channel, int data) =>
        StemJepa.Training.Corpora.MidiEvent.ForChannel(tick, kind, channel, data, kind == 0x90 ? 90 : 0);
}
