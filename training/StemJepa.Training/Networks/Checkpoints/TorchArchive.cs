using System.Collections.Frozen;
using System.IO.Compression;
using System.IO.Hashing;

namespace StemJepa.Training.Networks;

/// <summary>
/// The zip archive that <c>torch.save</c> writes: one folder with <c>data.pkl</c>, and the bytes of each storage as <c>data/KEY</c>.
/// Entries are stored, never compressed, so nothing that is read can be larger than the file. Not thread-safe.
/// </summary>
internal sealed class TorchArchive : IDisposable
{
    private const string Pickle = "data.pkl", ByteOrder = "byteorder";

    private readonly ZipArchive _zip;
    private readonly FrozenDictionary<string, ZipArchiveEntry> _entries;
    private readonly string _folder;

    private TorchArchive(ZipArchive zip)
    {
        _zip = zip;
        ZipArchiveEntry[] pickles = [.. zip.Entries.Where(entry => entry.Name == Pickle)];
        if (pickles.Length != 1)
            throw new InvalidDataException($"it holds {pickles.Length} files {Pickle} instead of one");
        _folder = pickles[0].FullName[..^Pickle.Length];
        var byName = new Dictionary<string, ZipArchiveEntry>();
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            if (!byName.TryAdd(entry.FullName, entry))
                throw new InvalidDataException("two of its entries have the same name");
        }
        _entries = byName.ToFrozenDictionary();
        if (_entries.ContainsKey(_folder + ByteOrder) && !Read(ByteOrder).AsSpan().SequenceEqual("little"u8))
            throw new InvalidDataException("its tensors are not little-endian");
    }

    /// <summary>Whether a file begins like a zip archive; false if it cannot be read.</summary>
    public static bool StartsLikeOne(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            Span<byte> start = stackalloc byte[4];
            return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
                && start.SequenceEqual("PK\u0003\u0004"u8);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Opens an archive.</summary>
    /// <exception cref="InvalidDataException">
    /// It is damaged, or not one of <c>torch.save</c>; so of <see cref="ZipArchive"/>, with others.
    /// </exception>
    public static TorchArchive Open(string path)
    {
        FileStream file = File.OpenRead(path);
        try
        {
            return new TorchArchive(new ZipArchive(file, ZipArchiveMode.Read));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The pickle, which describes all objects.</summary>
    public byte[] ReadPickle() => Read(Pickle);

    /// <summary>Bytes of a storage; null if the archive has none of this key.</summary>
    public long? StorageLength(string key) => _entries.GetValueOrDefault(StorageName(key))?.Length;

    /// <summary>Reads a storage whole.</summary>
    public byte[] ReadStorage(string key) => Read($"data/{key}");

    public void Dispose() => _zip.Dispose();

    private string StorageName(string key) => $"{_folder}data/{key}";

    private byte[] Read(string name)
    {
        if (!_entries.TryGetValue(_folder + name, out ZipArchiveEntry? entry))
            throw new InvalidDataException($"its entry {name} is missing");
        if (entry.CompressedLength != entry.Length)
            throw new InvalidDataException($"its entry {name} is compressed, which PyTorch never does");
        if (entry.Length > Array.MaxLength)
            throw new InvalidDataException(
                $"its entry {name} takes {entry.Length} bytes, more than the {Array.MaxLength} that can be read at once");
        using Stream content = entry.Open();
        var bytes = GC.AllocateUninitializedArray<byte>((int)entry.Length);
        content.ReadExactly(bytes);
        return Crc32.HashToUInt32(bytes) == entry.Crc32
            ? bytes
            : throw new InvalidDataException($"its entry {name} does not have the checksum that the file gives for it");
    }
}
