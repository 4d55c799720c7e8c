using System.Buffers.Binary;
using System.Text;

namespace StemJepa.Training.Corpora;

/// <summary>Reads the music of WAD files: the lumps whose names begin with <c>D_</c>. Thread-safe.</summary>
internal static class WadReader
{
    private const int HeaderSize = 12, EntrySize = 16, MaxLumpBytes = 4 << 20;

    /// <summary>Returns name and bytes of each music lump, in the order of the file.</summary>
    /// <exception cref="StemJepaException">The file is not a WAD, or its directory points outside it.</exception>
    public static IReadOnlyList<(string Name, byte[] Bytes)> ReadMusic(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        Span<byte> header = stackalloc byte[HeaderSize];
        if (stream.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize
            || !(header.StartsWith("IWAD"u8) || header.StartsWith("PWAD"u8)))
            throw new StemJepaException($"{path}: does not begin with IWAD or PWAD; a WAD file is needed.");
        int count = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        int directory = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        if (count < 0 || directory < HeaderSize || directory + (long)count * EntrySize > stream.Length)
            throw Outside(path, "directory");
        var entries = new byte[count * EntrySize];
        stream.Position = directory;
        stream.ReadExactly(entries);
        var music = new List<(string, byte[])>();
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = entries.AsSpan(i * EntrySize, EntrySize);
            string name = Encoding.ASCII.GetString(entry[8..]).TrimEnd('\0');
            if (!name.StartsWith("D_", StringComparison.Ordinal)) continue;
            int offset = BinaryPrimitives.ReadInt32LittleEndian(entry), size = BinaryPrimitives.ReadInt32LittleEndian(entry[4..]);
            if (offset < 0 || size is < 0 or > MaxLumpBytes || (long)offset + size > stream.Length) throw Outside(path, $"lump {name}");
            var bytes = new byte[size];
            stream.Position = offset;
            stream.ReadExactly(bytes);
            music.Add((name, bytes));
        }
        return music;
    }

    private static StemJepaException Outside(string path, string what) =>
        new($"{path}: the {what} lies outside the file's {new FileInfo(path).Length} bytes; an intact WAD file is needed.");
}
