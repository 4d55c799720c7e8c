using System.Text;

namespace StemJepa.Training.Corpora;

/// <summary>
/// The musical content of a MIDI file: merged events, notes with their programs, parts, tempo, metre and key. Immutable; thread-safe.
/// </summary>
internal sealed class MidiSong
{
    private static readonly string[] MajorKeys = ["C", "G", "D", "A", "E", "B", "F#", "C#"];
    private static readonly string[] FlatMajorKeys = ["C", "F", "Bb", "Eb", "Ab", "Db", "Gb", "Cb"];
    private static readonly string[] MinorKeys = ["A", "E", "B", "F#", "C#", "G#", "D#", "A#"];
    private static readonly string[] FlatMinorKeys = ["A", "D", "G", "C", "F", "Bb", "Eb", "Ab"];

    /// <summary>Analyses <paramref name="file"/>; <paramref name="name"/> is the name of the song, also in error messages.</summary>
    /// <exception cref="StemJepaException">The file holds no notes.</exception>
    public MidiSong(MidiFile file, string name)
    {
        (Name, TicksPerQuarter) = (name, file.TicksPerQuarter);
        TrackNames = [.. file.Tracks.Select(NameOf)];
        var merged = file.Tracks.SelectMany((track, index) => track.Events.Select(e => (Event: e, Track: index)))
            .OrderBy(e => e.Event.Tick).ToList();
        Events = [.. merged.Select(e => e.Event)];
        Tempo = new TempoMap(file.TicksPerQuarter, Events);
        Notes = ReadNotes(merged);
        if (Notes.Count == 0) throw new StemJepaException($"{name}: holds no notes in {file.Tracks.Count} tracks; a song is needed.");
        StartTick = Notes[0].Start;
        EndTick = Notes.Max(n => n.End);
        Parts = [.. Notes.GroupBy(n => (n.Channel, n.Program)).OrderBy(g => g.Key)
            .Select(g => MakePart(g.Key.Channel, g.Key.Program, [.. g]))];
    }

    /// <summary>The song's name.</summary>
    public string Name { get; }

    /// <summary>Ticks per quarter note.</summary>
    public int TicksPerQuarter { get; }

    /// <summary>Names of the tracks; empty for a track without a name.</summary>
    public IReadOnlyList<string> TrackNames { get; }

    /// <summary>Events of all tracks, in order of time.</summary>
    public IReadOnlyList<MidiEvent> Events { get; }

    /// <summary>All notes, in order of their starts.</summary>
    public IReadOnlyList<Note> Notes { get; }

    /// <summary>The parts, by channel and program.</summary>
    public IReadOnlyList<Part> Parts { get; }

    /// <summary>The tempo changes.</summary>
    public TempoMap Tempo { get; }

    /// <summary>Tick of the first note's start.</summary>
    public long StartTick { get; }

    /// <summary>Tick of the last note's end.</summary>
    public long EndTick { get; }

    /// <summary>Seconds from the first note's start to the last note's end.</summary>
    public double Seconds => Tempo.ToSeconds(EndTick) - Tempo.ToSeconds(StartTick);

    /// <summary>The first time signature, such as "3/4"; null if the file has none.</summary>
    public string? Metre => FirstMeta(MidiEvent.TimeSignature, 4) is { } p && p[1] < 8 ? $"{p[0]}/{1 << p[1]}" : null;

    /// <summary>
    /// The first key signature, such as "Eb major"; null if the file has none, or C major, which sequencers write by default.
    /// </summary>
    public string? Key
    {
        get
        {
            if (FirstMeta(MidiEvent.KeySignature, 2) is not { } p) return null;
            int accidentals = (sbyte)p[0];
            if (Math.Abs(accidentals) > 7 || p[1] > 1 || (accidentals == 0 && p[1] == 0)) return null;
            string[] names = (accidentals < 0, p[1]) switch
            {
                (false, 0) => MajorKeys,
                (true, 0) => FlatMajorKeys,
                (false, _) => MinorKeys,
                _ => FlatMinorKeys,
            };
            return $"{names[Math.Abs(accidentals)]} {(p[1] == 0 ? "major" : "minor")}";
        }
    }

    private byte[]? FirstMeta(byte type, int length) =>
        Events.Where(e => e.IsMeta && e.Data1 == type && e.Payload.Length >= length).Select(e => e.Payload.ToArray()).FirstOrDefault();

    private static string NameOf(MidiTrack track) =>
        track.Events.Where(e => e.IsMeta && e.Data1 == MidiEvent.TrackName)
            .Select(e => Encoding.Latin1.GetString(e.Payload.Span).Trim('\0', ' ')).FirstOrDefault() ?? "";

    private Part MakePart(int channel, int program, List<Note> notes)
    {
        int track = notes.CountBy(n => n.Track).MaxBy(c => c.Value).Key;
        return new Part(channel, program, TrackNames[track], notes, TicksPerQuarter, StartTick, EndTick);
    }

    private static List<Note> ReadNotes(List<(MidiEvent Event, int Track)> merged)
    {
        var notes = new List<Note>();
        var programs = new int[16];
        programs[Part.DrumChannel] = -1;
        var open = new Queue<int>?[16 * 128];
        foreach ((MidiEvent e, int track) in merged)
        {
            if (!e.IsChannelMessage) continue;
            if (e.Kind == 0xC0 && e.Channel != Part.DrumChannel) programs[e.Channel] = e.Data1;
            if (!e.IsNoteOn && !e.IsNoteOff) continue;
            Queue<int> sounding = open[e.Channel * 128 + e.Data1] ??= new Queue<int>();
            if (e.IsNoteOn)
            {
                sounding.Enqueue(notes.Count);
                notes.Add(new Note(e.Tick, long.MaxValue, e.Channel, programs[e.Channel], e.Data1, e.Data2, track));
            }
            else if (sounding.TryDequeue(out int index))
            {
                notes[index] = notes[index] with { End = Math.Max(e.Tick, notes[index].Start + 1) };
            }
        }
        long end = merged.Count == 0 ? 0 : merged[^1].Event.Tick;
        for (int i = 0; i < notes.Count; i++)
            if (notes[i].End == long.MaxValue) notes[i] = notes[i] with { End = Math.Max(end, notes[i].Start + 1) };
        return notes;
    }
}

/// <summary>
/// A note from tick <paramref name="Start"/> to tick <paramref name="End"/> (End &gt; Start), with MIDI pitch 0..127 and velocity 1..127.
/// </summary>
internal readonly record struct Note(long Start, long End, int Channel, int Program, int Pitch, int Velocity, int Track);
