using System.Buffers.Binary;

namespace StemJepa.Training.Corpora;

/// <summary>Writes Standard MIDI Files, every event with its own status byte. Thread-safe.</summary>
internal static class MidiWriter
{
    /// <summary>The bytes of <paramref name="file"/>, which <see cref="MidiReader"/> reads back to an equal file.</summary>
    /// <exception cref="ArgumentException">The events of a track are not in time order, or one is after the track's end.</exception>
    public static byte[] Write(MidiFile file)
    {
        using var output = new MemoryStream();
        Span<byte> header = stackalloc byte[14];
        "MThd"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], 6);
        BinaryPrimitives.WriteUInt16BigEndian(header[8..], checked((ushort)file.Format));
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], checked((ushort)file.Tracks.Count));
        BinaryPrimitives.WriteUInt16BigEndian(header[12..], checked((ushort)file.TicksPerQuarter));
        output.Write(header);
        Span<byte> chunk = stackalloc byte[8];
        foreach (MidiTrack track in file.Tracks)
        {
            using var body = new MemoryStream();
            WriteTrack(body, track);
            "MTrk"u8.CopyTo(chunk);
            BinaryPrimitives.WriteInt32BigEndian(chunk[4..], checked((int)body.Length));
            output.Write(chunk);
            body.WriteTo(output);
        }
        return output.ToArray();
    }

    private static void WriteTrack(MemoryStream body, MidiTrack track)
    {
        long previous = 0;
        foreach (MidiEvent e in track.Events)
        {
            WriteDelta(body, e.Tick - previous);
            previous = e.Tick;
            body.WriteByte(e.Status);
            if (e.IsChannelMessage)
            {
                body.WriteByte(e.Data1);
                if (MidiEvent.DataLength(e.Status) == 2) body.WriteByte(e.Data2);
                continue;
            }
            if (e.IsMeta) body.WriteByte(e.Data1);
            WriteVariable(body, e.Payload.Length);
            body.Write(e.Payload.Span);
        }
        WriteDelta(body, track.EndTick - previous);
        body.Write([MidiEvent.MetaStatus, MidiEvent.EndOfTrack, 0]);
    }

    private static void WriteDelta(MemoryStream body, long ticks)
    {
        if (ticks < 0) throw new ArgumentException("The events of a track must be in time order and not after its end.", nameof(ticks));
        WriteVariable(body, ticks);
    }

    private static void WriteVariable(MemoryStream body, long value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 0x0FFFFFFF);
        for (int shift = 21; shift > 0; shift -= 7)
            if (value >> shift != 0) body.WriteByte((byte)(0x80 | ((value >> shift) & 0x7F)));
        body.WriteByte((byte)(value & 0x7F));
    }
}
