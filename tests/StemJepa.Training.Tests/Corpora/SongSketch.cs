using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Writes small songs by hand: one track per part, 96 ticks per quarter note, 120 BPM.</summary>
internal sealed class SongSketch
{
    public const int Quarter = 96;
    private readonly List<MidiTrack> _tracks = [];

    /// <summary>Adds a part of quarter notes: each item is the chord of one beat, empty for a rest.</summary>
    public SongSketch Part(int channel, int program, string trackName, params int[][] beats)
    {
        var events = new List<MidiEvent>
        {
            MidiEvent.Meta(0, MidiEvent.TrackName, System.Text.Encoding.ASCII.GetBytes(trackName)),
            MidiEvent.ForChannel(0, 0xC0, channel, program),
        };
        for (int beat = 0; beat < beats.Length; beat++)
        {
            events.AddRange(beats[beat].Select(p => MidiEvent.ForChannel(beat * Quarter, 0x90, channel, p, 100)));
            events.AddRange(beats[beat].Select(p => MidiEvent.ForChannel((beat + 1) * Quarter, 0x80, channel, p)));
        }
        return Track([.. events.OrderBy(e => e.Tick).ThenBy(e => e.IsNoteOn)], beats.Length * Quarter);
    }

    /// <summary>Adds a line that repeats <paramref name="pitches"/>, a quarter note each, for <paramref name="beats"/> beats.</summary>
    public SongSketch Line(int channel, int program, string trackName, int beats, params int[] pitches) =>
        Part(channel, program, trackName, [.. Enumerable.Range(0, beats).Select(b => new[] { pitches[b % pitches.Length] })]);

    public SongSketch Track(MidiEvent[] events, long end)
    {
        _tracks.Add(new MidiTrack(events, end));
        return this;
    }

    public MidiFile File() => new(1, Quarter, _tracks);

    public MidiSong Song(string name = "sketch") => new(File(), name);

    /// <summary>Drums, a bass, chords and a high line: 40 beats, 20 seconds.</summary>
    public static SongSketch FourRoles(int beats = 40) => new SongSketch()
        .Line(9, 0, "kit", beats, 36, 38)
        .Line(0, 33, "low", beats, 36, 43, 41, 38)
        .Part(1, 48, "chords", [.. Enumerable.Repeat(new[] { 60, 64, 67 }, beats)])
        .Line(2, 73, "flute", beats, 72, 74, 76, 79, 77);
}
