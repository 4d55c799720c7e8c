namespace StemJepa.Training.Corpora;

/// <summary>
/// A Standard MIDI File of format 0 or 1 with times in ticks per quarter note. Each track's events are in time order and end before its
/// end-of-track tick. Immutable; thread-safe.
/// </summary>
/// <param name="Format">0 (one track) or 1 (several tracks that play at the same time).</param>
/// <param name="TicksPerQuarter">1..32767.</param>
/// <param name="Tracks">The tracks; their end-of-track events are not in the lists.</param>
internal sealed record MidiFile(int Format, int TicksPerQuarter, IReadOnlyList<MidiTrack> Tracks);

/// <summary>One track: its events in time order, and the tick of its end, which is not before the last event.</summary>
internal sealed record MidiTrack(IReadOnlyList<MidiEvent> Events, long EndTick);

/// <summary>
/// One event of a Standard MIDI File track. <see cref="Tick"/> is absolute, from the start of the song. Channel messages use
/// <see cref="Data1"/> and <see cref="Data2"/> (0..127; 0 where the message has none). Meta events (status FF) keep their type in
/// <see cref="Data1"/> and their content in <see cref="Payload"/>; system exclusive events (F0, F7) only have a payload.
/// </summary>
internal readonly record struct MidiEvent(long Tick, byte Status, byte Data1, byte Data2, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Status byte of meta events.</summary>
    public const byte MetaStatus = 0xFF;

    /// <summary>Meta type: name of the track.</summary>
    public const byte TrackName = 0x03;

    /// <summary>Meta type: end of the track.</summary>
    public const byte EndOfTrack = 0x2F;

    /// <summary>Meta type: microseconds per quarter note, 3 bytes.</summary>
    public const byte Tempo = 0x51;

    /// <summary>Meta type: time signature, 4 bytes.</summary>
    public const byte TimeSignature = 0x58;

    /// <summary>Meta type: key signature, 2 bytes.</summary>
    public const byte KeySignature = 0x59;

    /// <summary>Creates a channel message; <paramref name="kind"/> is the upper half of its status byte, such as 0x90.</summary>
    public static MidiEvent ForChannel(long tick, int kind, int channel, int data1, int data2 = 0) =>
        new(tick, (byte)(kind | channel), (byte)data1, (byte)data2, default);

    /// <summary>Creates a meta event.</summary>
    public static MidiEvent Meta(long tick, byte type, ReadOnlyMemory<byte> payload) => new(tick, MetaStatus, type, 0, payload);

    /// <summary>True for messages with a channel (80..EF).</summary>
    public bool IsChannelMessage => Status < 0xF0;

    /// <summary>True for meta events.</summary>
    public bool IsMeta => Status == MetaStatus;

    /// <summary>The upper half of the status byte: 0x80 note off, 0x90 note on, 0xB0 controller, 0xC0 program, 0xE0 pitch bend.</summary>
    public int Kind => Status & 0xF0;

    /// <summary>Channel 0..15; channel 10 of General MIDI, the drums, is 9.</summary>
    public int Channel => Status & 0x0F;

    /// <summary>True for the start of a note: note on with a velocity over 0.</summary>
    public bool IsNoteOn => Kind == 0x90 && IsChannelMessage && Data2 > 0;

    /// <summary>True for the end of a note: note off, or note on with velocity 0.</summary>
    public bool IsNoteOff => IsChannelMessage && (Kind == 0x80 || (Kind == 0x90 && Data2 == 0));

    /// <summary>The number of data bytes (1 or 2) of the channel message <paramref name="status"/>.</summary>
    public static int DataLength(int status) => (status & 0xF0) is 0xC0 or 0xD0 ? 1 : 2;
}
