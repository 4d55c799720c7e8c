using System.Buffers.Binary;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Rewrites a song with the parts of one stem only, and with the key, tempo, programs and excerpt of a plan. All stems of a plan have the
/// same tempo changes, so they stay in time. Bank selects and system exclusives are removed: programs are General MIDI. Thread-safe.
/// </summary>
internal static class StemMidi
{
    /// <summary>Time after the end of the excerpt in which notes decay, in seconds.</summary>
    public const double TailSeconds = Fluidsynth.TailSeconds;

    private const int NoteOff = 0x80, NoteOn = 0x90, Controller = 0xB0, Program = 0xC0, Sustain = 64;
    private const int BeforeNotes = 0, Offs = 1, Programs = 2, Ons = 3;

    /// <summary>Creates the MIDI file (format 0) of the parts that <paramref name="isIn"/> accepts.</summary>
    public static MidiFile Build(MidiSong song, Func<Part, bool> isIn, RenderPlan plan)
    {
        var parts = song.Parts.Where(isIn).ToList();
        var channels = parts.Select(p => p.Channel).ToHashSet();
        var events = new List<(MidiEvent Event, int Rank)>();
        long lastTempo = AddTempo(events, song, plan);
        AddControllers(events, song, channels, plan);
        AddNotes(events, parts, plan);
        long length = plan.EndTick - plan.StartTick;
        events.AddRange(channels.Select(c => (MidiEvent.ForChannel(length, Controller, c, Sustain), BeforeNotes)));
        long tail = (long)(TailSeconds * 1e6 / lastTempo * song.TicksPerQuarter);
        MidiEvent[] ordered = [.. events.OrderBy(e => e.Event.Tick).ThenBy(e => e.Rank).Select(e => e.Event)];
        return new MidiFile(0, song.TicksPerQuarter, [new MidiTrack(ordered, length + tail)]);
    }

    private static long AddTempo(List<(MidiEvent, int)> events, MidiSong song, RenderPlan plan)
    {
        long last = 0;
        foreach (TempoChange change in song.Tempo.Changes.Where(c => c.Tick < plan.EndTick))
        {
            last = Math.Clamp((long)Math.Round(change.MicrosecondsPerQuarter / plan.TempoFactor), 1, 0xFFFFFF);
            var payload = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(payload, (int)last);
            events.Add((MidiEvent.Meta(Math.Max(0, change.Tick - plan.StartTick), MidiEvent.Tempo, payload.AsMemory(1)), BeforeNotes));
        }
        return last;
    }

    private static void AddControllers(List<(MidiEvent, int)> events, MidiSong song, HashSet<int> channels, RenderPlan plan)
    {
        if (plan.DrumKit is { } kit && channels.Contains(Part.DrumChannel))
            events.Add((MidiEvent.ForChannel(0, Program, Part.DrumChannel, kit), BeforeNotes));
        foreach (MidiEvent e in song.Events)
        {
            if (!e.IsChannelMessage || !channels.Contains(e.Channel) || e.Tick >= plan.EndTick) continue;
            bool bankSelect = e.Kind == Controller && e.Data1 is 0 or 32;
            bool kept = e.Kind switch
            {
                NoteOff or NoteOn => false,
                Program => e.Channel == Part.DrumChannel && plan.DrumKit is null,
                _ => !bankSelect,
            };
            if (kept) events.Add((e with { Tick = Math.Max(0, e.Tick - plan.StartTick) }, BeforeNotes));
        }
    }

    private static void AddNotes(List<(MidiEvent, int)> events, List<Part> parts, RenderPlan plan)
    {
        var programs = new int[16];
        Array.Fill(programs, -1);
        foreach ((Part part, Note note) in parts.SelectMany(p => p.Notes.Select(n => (p, n))).OrderBy(n => n.n.Start))
        {
            if (note.Start < plan.StartTick || note.Start >= plan.EndTick) continue;
            long start = note.Start - plan.StartTick, end = Math.Min(note.End, plan.EndTick) - plan.StartTick;
            int pitch = note.Pitch;
            if (!part.IsDrums)
            {
                pitch = Transposed(note.Pitch, plan.Transpose);
                int program = plan.Programs[part];
                if (programs[part.Channel] != program) events.Add((MidiEvent.ForChannel(start, Program, part.Channel, program), Programs));
                programs[part.Channel] = program;
            }
            events.Add((MidiEvent.ForChannel(start, NoteOn, part.Channel, pitch, note.Velocity), Ons));
            events.Add((MidiEvent.ForChannel(end, NoteOff, part.Channel, pitch), Offs));
        }
    }

    private static int Transposed(int pitch, int semitones)
    {
        int moved = pitch + semitones;
        return moved > 127 ? moved - 12 : moved < 0 ? moved + 12 : moved;
    }
}
