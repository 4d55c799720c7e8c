using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace StemJepa;

/// <summary>
/// What a catalogue consists of at one time: replacing this small file is what makes a change happen, all of it at once. Immutable.
/// </summary>
internal sealed record CatalogManifest(ModelIdentity Model, CatalogPrecision Precision, long Generation, long NextSegment,
    IReadOnlyList<ManifestSegment> Segments)
{
    /// <summary>The format version that this library writes, and the only one it reads.</summary>
    internal const int CurrentVersion = 1;

    private const int PrefixBytes = 16;
    private const string Advice = "restore the folder from a copy, or index the recordings again";

    private static ReadOnlySpan<byte> Magic => "SJCATLOG"u8;

    /// <summary>Recordings that are not dead.</summary>
    internal int Live => Segments.Sum(segment => segment.Live);

    internal int Dead => Segments.Sum(segment => segment.Dead.Length);

    internal void Write(string folder)
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        writer.Write(Magic);
        writer.Write(CurrentVersion);
        writer.Write(0);
        writer.Write(Model.Name);
        writer.Write(Model.Hash);
        writer.Write(Model.Length);
        writer.Write((int)Precision);
        writer.Write(Generation);
        writer.Write(NextSegment);
        writer.Write(Segments.Count);
        foreach (ManifestSegment segment in Segments)
        {
            writer.Write(segment.Number);
            writer.Write(segment.Rows);
            writer.Write(segment.Checksum);
            writer.Write(segment.Dead.Length);
            writer.Write(MemoryMarshal.AsBytes<int>(segment.Dead));
        }
        byte[] bytes = memory.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(PrefixBytes - sizeof(uint)), BlockChecksum.Of(bytes));
        AtomicFile.Write(CatalogFiles.Manifest(folder), stream => stream.Write(bytes));
    }

    /// <summary>Reads a catalogue's manifest.</summary>
    /// <exception cref="StemJepaException">There is none, or it is damaged or of another version.</exception>
    internal static CatalogManifest Read(string folder)
    {
        string path = CatalogFiles.Manifest(folder);
        byte[] bytes = ReadBytes(folder, path);
        if (!bytes.AsSpan().StartsWith(Magic))
            throw new StemJepaException($"{path} is not the manifest of a stem catalogue: name the folder of one.");
        if (bytes.Length < PrefixBytes)
            throw new StemJepaException($"{path} is cut off after {bytes.Length} bytes: {Advice}.");
        int version = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(Magic.Length));
        if (version != CurrentVersion)
            throw new StemJepaException(
                $"{path} is of format version {version}, and this library reads version {CurrentVersion}: use the library that wrote "
                + $"it, or {Advice}.");
        Span<byte> checksum = bytes.AsSpan(PrefixBytes - sizeof(uint), sizeof(uint));
        uint expected = BinaryPrimitives.ReadUInt32LittleEndian(checksum);
        checksum.Clear();
        if (BlockChecksum.Of(bytes) != expected)
            throw new StemJepaException($"{path} is damaged (its checksum is wrong): {Advice}.");
        try
        {
            return Parse(bytes);
        }
        catch (Exception error) when (error is IOException or FormatException or ArgumentException or OverflowException)
        {
            throw new StemJepaException($"{path} is damaged ({error.Message.TrimEnd('.')}): {Advice}.", error);
        }
    }

    private static CatalogManifest Parse(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes, PrefixBytes, bytes.Length - PrefixBytes));
        var model = new ModelIdentity(reader.ReadString(), reader.ReadString(), reader.ReadInt32());
        var precision = (CatalogPrecision)reader.ReadInt32();
        long generation = reader.ReadInt64(), next = reader.ReadInt64();
        var segments = new List<ManifestSegment>();
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            (long number, int rows, uint checksum) = (reader.ReadInt64(), reader.ReadInt32(), reader.ReadUInt32());
            var dead = new int[Math.Min(reader.ReadInt32(), rows)];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(dead.AsSpan()));
            if (dead.Any(row => row < 0 || row >= rows))
                throw new FormatException($"segment {number} has no such rows");
            segments.Add(new ManifestSegment(number, rows, checksum, dead));
        }
        if (!Enum.IsDefined(precision) || model.Hash.Length != 64 || model.Length <= 0)
            throw new FormatException("its model or precision is not one");
        return new CatalogManifest(model, precision, generation, next, segments);
    }

    private static byte[] ReadBytes(string folder, string path)
    {
        if (!BitConverter.IsLittleEndian)
            throw new StemJepaException(
                $"{folder} is a stem catalogue, and these are read on little-endian machines only: copy it to one.");
        if (File.Exists(folder))
            throw new StemJepaException($"{folder} is a file: name the folder of a stem catalogue.");
        try
        {
            // Shared in every way, so that a writer can put a newer one in its place meanwhile.
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StemJepaException(Directory.Exists(folder)
                ? $"{folder} is not a stem catalogue (it has no file '{Path.GetFileName(path)}'): name the folder of one, or make one "
                    + "with 'stemjepa index' or CatalogWriter."
                : $"{folder} does not exist: name the folder of a stem catalogue, or make one with 'stemjepa index' or CatalogWriter.",
                error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException($"{path} cannot be read ({error.Message.TrimEnd('.')}): make it readable.", error);
        }
    }
}
