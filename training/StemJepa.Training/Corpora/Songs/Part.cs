namespace StemJepa.Training.Corpora;

/// <summary>
/// The notes that one program plays on one channel. Roles are assigned to parts, because a channel can change its program within a song.
/// Channel 10 (number 9 here) is one part, even if its drum kit changes. Immutable; thread-safe.
/// </summary>
internal sealed class Part
{
    /// <summary>Number of the drum channel.</summary>
    public const int DrumChannel = 9;

    /// <summary>
    /// Creates a part and measures it. <paramref name="notes"/> are in order of their starts and not empty; a beat is a quarter note.
    /// </summary>
    public Part(int channel, int program, string trackName, IReadOnlyList<Note> notes, int ticksPerQuarter, long songStart, long songEnd)
    {
        (Channel, Program, TrackName, Notes) = (channel, program, trackName, notes);
        MeanPitch = notes.Average(n => n.Pitch);
        (long sounding, long single) = Voices(notes);
        Monophony = sounding == 0 ? 0 : (double)single / sounding;
        long beats = Math.Max(1, (songEnd - songStart + ticksPerQuarter - 1) / ticksPerQuarter);
        Presence = (double)BeatsWithSound(notes, ticksPerQuarter, songStart) / beats;
    }

    /// <summary>Channel 0..15.</summary>
    public int Channel { get; }

    /// <summary>General MIDI program 0..127; -1 for the drums, whose kit may change.</summary>
    public int Program { get; }

    /// <summary>Name of the track with most of the notes; may be empty.</summary>
    public string TrackName { get; }

    /// <summary>The notes, in order of their starts.</summary>
    public IReadOnlyList<Note> Notes { get; }

    /// <summary>Mean MIDI pitch of the notes.</summary>
    public double MeanPitch { get; }

    /// <summary>Fraction of the part's sounding time with exactly one note, 0..1.</summary>
    public double Monophony { get; }

    /// <summary>Fraction of the song's beats in which the part sounds, 0..1.</summary>
    public double Presence { get; }

    /// <summary>True for channel 10.</summary>
    public bool IsDrums => Channel == DrumChannel;

    private static (long Sounding, long Single) Voices(IReadOnlyList<Note> notes)
    {
        var edges = notes.SelectMany(n => new[] { (n.Start, +1), (n.End, -1) }).Order();
        long sounding = 0, single = 0, previous = 0;
        int voices = 0;
        foreach ((long tick, int change) in edges)
        {
            if (voices > 0) sounding += tick - previous;
            if (voices == 1) single += tick - previous;
            voices += change;
            previous = tick;
        }
        return (sounding, single);
    }

    private static long BeatsWithSound(IReadOnlyList<Note> notes, int ticksPerQuarter, long songStart)
    {
        long count = 0, next = 0;
        foreach (Note n in notes)
        {
            long first = Math.Max(next, (n.Start - songStart) / ticksPerQuarter);
            long last = (n.End - 1 - songStart) / ticksPerQuarter;
            if (last < first) continue;
            count += last - first + 1;
            next = last + 1;
        }
        return count;
    }
}
