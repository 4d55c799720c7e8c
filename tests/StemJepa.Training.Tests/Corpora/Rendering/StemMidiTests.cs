using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Oracle: the song itself: its stems hold its notes, moved as the plan says.</summary>
public sealed class StemMidiTests
{
    private static readonly MidiSong Song = SongSketch.FourRoles().Song();
    private static readonly IReadOnlyDictionary<Part, Stem> Roles = RoleAssignment.Assign(Song);

    private static MidiSong Stem(Stem stem, RenderPlan plan) =>
        new(MidiReader.Read(MidiWriter.Write(StemMidi.Build(Song, p => Roles[p] == stem, plan)), "stem"), "stem");

    [Fact]
    public void TheStemsTogetherHoldTheSongsNotes()
    {
        RenderPlan plan = RenderPlan.Original(Song, seed: 1);
        var notes = StemJepa.Stem.Roles.SelectMany(s => Stem(s, plan).Notes.Select(n => n with { Track = 0 })).Order(ByTime);
        Assert.Equal(Song.Notes.Select(n => n with { Track = 0 }).Order(ByTime), notes);
    }

    [Fact]
    public void AllButTheDrumsAreTransposed()
    {
        RenderPlan plan = RenderPlan.Original(Song, 1) with { Transpose = 5 };
        Assert.Equal([36, 38], Stem(StemJepa.Stem.Drums, plan).Notes.Select(n => n.Pitch).Distinct());
        Assert.Equal([41, 48, 46, 43], Stem(StemJepa.Stem.Bass, plan).Notes.Select(n => n.Pitch).Distinct());
    }

    [Fact]
    public void TheTempoFactorShortensTheSong()
    {
        RenderPlan plan = RenderPlan.Original(Song, 1) with { TempoFactor = 1.25 };
        Assert.All(StemJepa.Stem.Roles, s => Assert.Equal(16, Stem(s, plan).Seconds, 2));
    }

    [Fact]
    public void ProgramsAndKitAreThePlans()
    {
        RenderPlan plan = RenderPlan.Original(Song, 1);
        plan = plan with { DrumKit = 25, Programs = plan.Programs.ToDictionary(p => p.Key, p => p.Value + 1) };
        Assert.Equal([34], Stem(StemJepa.Stem.Bass, plan).Parts.Select(p => p.Program));
        Assert.Equal([25],
            Stem(StemJepa.Stem.Drums, plan).Events.Where(e => e.IsChannelMessage && e.Kind == 0xC0).Select(e => (int)e.Data1));
    }

    [Fact]
    public void AnExcerptHoldsItsNotesOnly()
    {
        RenderPlan plan = RenderPlan.Original(Song, 1) with { StartTick = 4 * SongSketch.Quarter, EndTick = 8 * SongSketch.Quarter + 10 };
        IReadOnlyList<Note> notes = Stem(StemJepa.Stem.Vocals, plan).Notes;
        Assert.Equal([77, 72, 74, 76, 79], notes.Select(n => n.Pitch));
        Assert.Equal((0L, 4L * SongSketch.Quarter + 10), (notes[0].Start, notes[^1].End));
    }

    private static readonly IComparer<Note> ByTime =
        Comparer<Note>.Create((a, b) => (a.Start, a.Channel, a.Pitch).CompareTo((b.Start, b.Channel, b.Pitch)));
}
