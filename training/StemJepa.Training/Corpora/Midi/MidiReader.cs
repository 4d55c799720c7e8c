using System.Buffers.Binary;
using System.IO.Compression;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Reads Standard MIDI Files (formats 0 and 1, ticks per quarter note), plain or gzipped. Time and memory are bounded: a damaged or hostile
/// file gives a <see cref="StemJepaException"/>. Thread-safe.
/// </summary>
internal static class MidiReader
{
    /// <summary>Largest uncompressed file that is read, in bytes.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>Most tracks that a file may declare.</summary>
    public const int MaxTracks = 64;

    /// <summary>Last tick that an event may have.</summary>
    public const long MaxTick = 1L << 28;

    /// <summary>Reads a file from its bytes.</summary>
    /// <param name="bytes">The file, at most <see cref="MaxBytes"/> when uncompressed.</param>
    /// <param name="name">Name of the file in error messages.</param>
    /// <exception cref="StemJepaException">The bytes are not a Standard MIDI File of format 0 or 1; the message says why.</exception>
    public static MidiFile Read(ReadOnlyMemory<byte> bytes, string name)
    {
        if (bytes.Length > 2 && bytes.Span[0] == 0x1F && bytes.Span[1] == 0x8B) bytes = Decompress(bytes, name);
        if (bytes.Length > MaxBytes) throw Bad(name, $"holds {bytes.Length} bytes; a MIDI file of at most {MaxBytes} is needed");
        return new Parser(bytes, name).ReadFile();
    }

    private static StemJepaException Bad(string name, string what) => new($"{name}: {what}.");

    private static byte[] Decompress(ReadOnlyMemory<byte> bytes, string name)
    {
        using var gzip = new GZipStream(new MemoryStream(bytes.ToArray(), writable: false), CompressionMode.Decompress);
        var buffer = new byte[MaxBytes + 1];
        try
        {
            return buffer[..gzip.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException e)
        {
            throw new StemJepaException($"{name}: the gzip stream is damaged; an intact file is needed.", e);
        }
    }

    private sealed class Parser(ReadOnlyMemory<byte> bytes, string name)
    {
        private int _position;

        public MidiFile ReadFile()
        {
            if (bytes.Length < 14 || !bytes.Span.StartsWith("MThd"u8))
                throw Bad(name, "does not begin with a Standard MIDI File header; a .mid file is needed");
            int headerLength = BinaryPrimitives.ReadInt32BigEndian(bytes.Span[4..]);
            int format = ReadUInt16(8), declared = ReadUInt16(10), division = ReadUInt16(12);
            if (headerLength < 6 || headerLength > bytes.Length - 8)
                throw Bad(name, $"declares a header of {headerLength} bytes; 6 are usual");
            if (format > 1) throw Bad(name, $"is of MIDI format {format}; formats 0 and 1 can be read");
            if ((division & 0x8000) != 0) throw Bad(name, "counts time in SMPTE frames; ticks per quarter note are needed");
            if (division == 0) throw Bad(name, "declares 0 ticks per quarter note; at least 1 is needed");
            if (declared == 0 || declared > MaxTracks || (format == 0 && declared != 1))
                throw Bad(name, $"declares {declared} tracks in format {format}; 1 to {MaxTracks} (1 in format 0) can be read");
            _position = 8 + headerLength;
            var tracks = new List<MidiTrack>();
            while (tracks.Count < declared)
            {
                if (bytes.Length - _position < 8)
                    throw Bad(name, $"ends after {tracks.Count} of {declared} tracks; a whole file is needed");
                bool isTrack = bytes.Span[_position..].StartsWith("MTrk"u8);
                long end = _position + 8L + BinaryPrimitives.ReadUInt32BigEndian(bytes.Span[(_position + 4)..]);
                if (end > bytes.Length) throw Bad(name, $"is cut short in track {tracks.Count + 1}; a whole file is needed");
                _position += 8;
                if (isTrack) tracks.Add(ReadTrack((int)end));
                _position = (int)end;
            }
            return new MidiFile(format, division, tracks);
        }

        private int ReadUInt16(int offset) => BinaryPrimitives.ReadUInt16BigEndian(bytes.Span[offset..]);

        private MidiTrack ReadTrack(int end)
        {
            var events = new List<MidiEvent>();
            long tick = 0;
            int running = 0;
            while (_position < end)
            {
                tick += ReadVariable(end);
                if (tick > MaxTick) throw Bad(name, $"has an event at tick {tick}; at most {MaxTick} can be read");
                int status = Peek(end);
                if (status >= 0x80) _position++;
                else if (running != 0) status = running;
                else throw Bad(name, $"has data byte {status} at offset {_position} where an event must begin");
                if (status < 0xF0)
                {
                    running = status;
                    int data1 = ReadData(end);
                    int data2 = MidiEvent.DataLength(status) == 2 ? ReadData(end) : 0;
                    events.Add(new MidiEvent(tick, (byte)status, (byte)data1, (byte)data2, default));
                    continue;
                }
                running = 0;
                if (status is not (0xF0 or 0xF7 or 0xFF))
                    throw Bad(name, $"has status byte {status:X2}, which no MIDI file may hold, at offset {_position - 1}");
                int type = status == MidiEvent.MetaStatus ? ReadData(end) : 0;
                long length = ReadVariable(end);
                if (length > end - _position)
                    throw Bad(name, $"has an event of {length} bytes that runs over its track's end at offset {_position}");
                if (status == MidiEvent.MetaStatus && type == MidiEvent.EndOfTrack) return new MidiTrack(events, tick);
                events.Add(new MidiEvent(tick, (byte)status, (byte)type, 0, bytes.Slice(_position, (int)length)));
                _position += (int)length;
            }
            throw Bad(name, $"has a track without an end-of-track event before offset {end}");
        }

        private int Peek(int end) =>
            _position < end ? bytes.Span[_position] : throw Bad(name, $"has a track that stops inside an event at offset {end}");

        private int ReadData(int end)
        {
            int value = Peek(end);
            if (value >= 0x80) throw Bad(name, $"has status byte {value:X2} at offset {_position} where a data byte must be");
            _position++;
            return value;
        }

        private long ReadVariable(int end)
        {
            long value = 0;
            for (int i = 0; i < 4; i++)
            {
                int next = Peek(end);
                _position++;
                value = (value << 7) | (uint)(next & 0x7F);
                if (next < 0x80) return value;
            }
            throw Bad(name, $"has a variable-length number of more than 4 bytes at offset {_position - 4}");
        }
    }
}
