using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Laws of composed electronic songs, over many of them.</summary>
public sealed class ElectronicComposerTests
{
    private static readonly ElectronicComposer Composer = new(seed: 1);
    private static readonly SourceSong[] Songs = [.. Enumerable.Range(1, 120).Select(i => Composer.Compose(i, "1"))];

    [Fact]
    public void EverySongHasAllRolesInWholeBars() => Assert.All(Songs, song =>
    {
        Assert.Equal(Stem.Roles.ToHashSet(), song.Roles.Values.ToHashSet());
        Assert.Equal(0, song.Labels!.End % (4 * ElectronicComposer.Quarter));
        Assert.True(song.Midi.Notes.All(n => n.Start >= 0 && n.End <= song.Labels.End + ElectronicComposer.Quarter));
        Assert.InRange(song.Midi.Tempo.ToSeconds(song.Labels.End), 45, 75);
    });

    [Fact]
    public void ASongIsAFunctionOfSeedAndIndex()
    {
        Assert.Equal(Songs[4].Source.Bytes, new ElectronicComposer(1).Compose(5, "1").Source.Bytes);
        Assert.NotEqual(Songs[4].Source.Bytes, new ElectronicComposer(2).Compose(5, "1").Source.Bytes);
        Assert.Equal(Songs.Length, Songs.Select(s => SourceSong.Hash(s.Source.Bytes)).Distinct().Count());
    }

    [Fact]
    public void EveryStyleIsComposedWithinItsTempi()
    {
        ILookup<string, SourceSong> byStyle = Songs.ToLookup(s => s.Source.Lump!);
        Assert.All(ElectronicStyle.All, style => Assert.NotEmpty(byStyle[style.Style.Name]));
        Assert.All(ElectronicStyle.All, style => Assert.All(byStyle[style.Style.Name], song => Assert.InRange(
            60e6 / song.Midi.Tempo.Changes[0].MicrosecondsPerQuarter, style.Style.Slowest - 0.01, style.Style.Fastest + 0.01)));
    }

    [Fact]
    public void PadsAndStabsHoldTheChordsThatTheLabelsTell() => Assert.All(Songs, song =>
    {
        int[] channels = [ElectronicPart.Pad.Channel, ElectronicPart.Stabs.Channel];
        foreach (Part part in song.Midi.Parts.Where(p => channels.Contains(p.Channel)))
            Assert.All(part.Notes, note => Assert.True(ChordAt(song, note.Start).Holds(note.Pitch)));
    });

    [Fact]
    public void PatternsAreBarsOfSixteenSteps() => Assert.All(
        ElectronicStyle.All.Select(s => s.Style)
            .SelectMany(s => (string[])[.. s.Kicks, .. s.Snares, .. s.Hats, .. s.OpenHats, .. s.Basses]),
        pattern => Assert.Equal(ElectronicStyle.Steps, pattern.Length));

    /// <summary>The chord of a note; swung notes are late by less than a sixteenth.</summary>
    private static Chord ChordAt(SourceSong song, long tick) => song.Labels!.Chords.Last(c => c.Tick <= tick).Chord;
}
