using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Oracles: the notes as they were written, and the theory of harmony.</summary>
public sealed class LeadLineTests
{
    [Fact]
    public void The_highest_notes_of_chords_are_sung_and_rests_end_phrases()
    {
        SourceSong song = SungSketch.Song();
        RenderPlan plan = RenderPlan.Original(song.Midi, seed: 1) with { Transpose = 2, TempoFactor = 2 };
        IReadOnlyList<SungNote> line = LeadLine.From(song, plan);
        Assert.Equal([74, 76, 78, 79, 71, 73], line.Take(6).Select(n => n.Pitch));
        Assert.Equal([0, 0.25, 0.5, 1, 1.25, 1.5], line.Take(6).Select(n => Math.Round(n.Start, 9)));
        Assert.Equal(8, LeadLine.Phrases(line).Count);
        Assert.All(LeadLine.Phrases(line), p => Assert.Equal(3, p.Count));
    }

    [Fact]
    public void A_chord_is_one_note()
    {
        MidiFile file = new SongSketch().Line(9, 0, "kit", 8, 36).Line(0, 33, "low", 8, 36).Line(1, 19, "", 8, 60)
            .Part(2, 80, "melody", [.. Enumerable.Repeat(new[] { 72, 76, 79 }, 8)]).File();
        var midi = new MidiSong(file, "chords");
        var roles = midi.Parts.ToDictionary(p => p, p => p.Channel switch { 9 => Stem.Drums, 0 => Stem.Bass, 1 => Stem.Other,
            _ => Stem.Vocals });
        var song = new SourceSong(new MidiSource("chords", "none", "1", "chords.mid", null, "MIT", []), midi, roles, IsTest: false);
        Assert.Equal(Enumerable.Repeat(79.0, 8), LeadLine.From(song, RenderPlan.Original(midi, 1)).Select(n => n.Pitch));
    }

    [Fact]
    public void A_nearby_variant_is_sung_in_the_same_octaves()
    {
        SourceSong song = SungSketch.Song();
        SungLead lead = SungSketch.Lead(SungVoice.All[0]);
        RenderPlan plan = SungSketch.Plan(song, lead);
        for (int index = 0; index < 10; index++)
        {
            RenderPlan nearby = NearbyVariants.Moved(plan, "variant", index, seed: 1);
            Assert.Same(lead, nearby.Sung);
            IReadOnlyList<IReadOnlyList<SungNote>> first = LeadLine.Around(LeadLine.Phrases(LeadLine.From(song, plan)), 53, 0);
            IReadOnlyList<IReadOnlyList<SungNote>> second = LeadLine.Around(LeadLine.Phrases(LeadLine.From(song, nearby)), 53,
                nearby.Transpose);
            Assert.Equal(first.SelectMany(p => p).Select(n => n.Pitch + nearby.Transpose), second.SelectMany(p => p).Select(n => n.Pitch));
            Assert.All(first.SelectMany(p => p), n => Assert.InRange(n.Pitch, 53 - SungVoice.Below, 53 + SungVoice.Above));
        }
    }

    [Fact]
    public void Harmonies_lie_in_the_scale()
    {
        SungScale scale = SungScale.From(new[] { 60, 62, 64, 65, 67, 69, 71 }.Select(p => (p, 1.0)));
        Assert.Equal([4, 3, 3, 4, 4, 3, 3], new[] { 60, 62, 64, 65, 67, 69, 71 }.Select(p => scale.Semitones(p, 2)));
        Assert.Equal([-3, -3, -4, -12, 12], [scale.Semitones(60, -2), scale.Semitones(62, -2), scale.Semitones(64, -2),
            scale.Semitones(64, -7), scale.Semitones(64, 7)]);
    }

    [Fact]
    public void The_share_of_sung_songs_is_the_one_asked_for()
    {
        RenderPlan plan = RenderPlan.Original(SungSketch.Song().Midi, seed: 1);
        SungLead?[] Draw(double spoken) => [.. Enumerable.Range(0, 400).Select(i =>
            SungLead.Draw(plan with { Name = $"song {i}" }, plan.SoundFont, 0.7, [], spoken, seed: 3))];
        SungLead?[] leads = Draw(0), spoken = Draw(0.5);
        int sung = leads.Count(l => l is not null);
        Assert.InRange(spoken.Count(l => l?.Spoken is not null), 0.4 * sung, 0.6 * sung);
        Assert.Equal(leads.Select(l => l?.Voice), spoken.Select(l => l?.Voice));
        Assert.All(leads, l => Assert.Null(l?.Spoken));
        Assert.All(spoken, l => Assert.True(l?.Spoken is null || l.Sampled is null));
        Assert.InRange(leads.Count(l => l is not null), 400 * 0.6, 400 * 0.8);
        Assert.All(Enumerable.Range(0, 20), i =>
            Assert.Null(SungLead.Draw(plan with { Name = $"song {i}" }, plan.SoundFont, 0, [], spoken: 0, seed: 3)));
        Assert.Equal(SungVoice.All.Count, leads.Where(l => l is not null).Select(l => l!.Voice).Distinct().Count());
        Assert.Contains(leads, l => l is { Backing.Count: > 1 });
    }
}
