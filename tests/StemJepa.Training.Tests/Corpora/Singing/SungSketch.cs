using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Songs to sing, and a singer without faults.</summary>
internal static class SungSketch
{
    /// <summary>Drums, a bass, chords, and a lead in C major of quarter notes at 120 beats a minute that rests every fourth beat.</summary>
    public static SourceSong Song(int beats = 32)
    {
        int[] pitches = [72, 74, 76, 79, 77, 69, 71, 81, 67];
        MidiFile file = new SongSketch()
            .Line(9, 0, "kit", beats, 36, 38)
            .Line(0, 33, "low", beats, 36, 43, 41, 38)
            .Part(1, 48, "chords", [.. Enumerable.Repeat(new[] { 60, 64, 67 }, beats)])
            .Part(2, 80, "lead", [.. Enumerable.Range(0, beats).Select(b =>
                b % 4 == 3 ? [] : new[] { pitches[b % pitches.Length] })]).File();
        var midi = new MidiSong(file, "sung");
        return new SourceSong(new MidiSource("sung", "none", "1", "sung.mid", null, "MIT", MidiWriter.Write(file)), midi,
            RoleAssignment.Assign(midi), IsTest: false);
    }

    public static SungLead Lead(SungVoice voice) => new() { Seed = "sketch", Transpose = 0, Voice = voice };

    public static RenderPlan Plan(SourceSong song, SungLead lead) => RenderPlan.Original(song.Midi, seed: 1) with
    {
        SoundFont = SoundFont.TimGm6Mb, Sung = lead,
    };
}
