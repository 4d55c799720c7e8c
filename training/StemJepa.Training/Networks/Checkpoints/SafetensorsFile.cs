using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace StemJepa.Training.Networks;

/// <summary>
/// A safetensors file opened for reading: its header is in memory and checked, tensors are read on request straight into the caller's
/// array. Reading is thread-safe; <see cref="Dispose"/> is not.
/// </summary>
/// <remarks>
/// Layout: 8 bytes little-endian header length, that many bytes of JSON, then the tensors' bytes. The reader accepts nothing that is not
/// accounted for: duplicate names, gaps, overlaps, bytes beyond the last tensor and sizes that contradict shapes are all rejected.
/// </remarks>
internal sealed class SafetensorsFile : ITensorFile
{
    /// <summary>Longest header accepted, in bytes (the limit of the reference implementation).</summary>
    public const long MaxHeaderLength = 100_000_000;

    private readonly SafeFileHandle _handle;
    private readonly long _dataStart;
    private readonly FrozenDictionary<string, SafetensorsTensor> _byName;
    private readonly FrozenDictionary<string, ImmutableArray<long>> _shapes;

    private SafetensorsFile(string path, SafeFileHandle handle, long dataStart, ImmutableArray<SafetensorsTensor> tensors,
        ImmutableDictionary<string, string> metadata)
    {
        FilePath = path;
        Tensors = tensors;
        Metadata = metadata;
        _handle = handle;
        _dataStart = dataStart;
        _byName = tensors.ToFrozenDictionary(tensor => tensor.Name);
        _shapes = tensors.ToFrozenDictionary(tensor => tensor.Name, tensor => tensor.Shape);
    }

    /// <summary>The path as given to <see cref="Open"/>.</summary>
    public string FilePath { get; }

    /// <summary>All tensors in the order of their bytes.</summary>
    public ImmutableArray<SafetensorsTensor> Tensors { get; }

    /// <summary>The file's <c>__metadata__</c>; empty when it has none.</summary>
    public ImmutableDictionary<string, string> Metadata { get; }

    IReadOnlyDictionary<string, ImmutableArray<long>> ITensorFile.Shapes => _shapes;

    /// <summary>Opens a file and checks its header against its size.</summary>
    /// <exception cref="StemJepaException">The file is missing, unreadable, or not a valid safetensors file.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path);
            long length = RandomAccess.GetLength(handle);
            if (length < 8)
                throw new StemJepaException($"{path}: has {length} bytes, too few for a safetensors file; write or download it again.");
            Span<byte> prefix = stackalloc byte[8];
            ReadExactly(path, handle, prefix, 0);
            ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            if (headerLength > MaxHeaderLength || (long)headerLength > length - 8)
                throw new StemJepaException(
                    $"{path}: is not a complete safetensors file (it declares a header of {headerLength} bytes and has {length} bytes in "
                    + $"all); write or download it again.");
            byte[] json = new byte[headerLength];
            ReadExactly(path, handle, json, 8);
            long dataStart = 8 + json.Length;
            (var tensors, var metadata) = SafetensorsHeader.Parse(path, json, length - dataStart);
            var file = new SafetensorsFile(path, handle, dataStart, tensors, metadata);
            handle = null;
            return file;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new StemJepaException($"{path}: cannot be read ({error.Message.TrimEnd('.')}); name an existing .safetensors file.",
                error);
        }
        finally
        {
            handle?.Dispose();
        }
    }

    /// <summary>
    /// Writes a file beside <paramref name="path"/>, flushes it to disk and renames it, so that a crash leaves the old file or the new one.
    /// Tensors with larger elements come first (else in the given order), which keeps every tensor aligned.
    /// </summary>
    /// <exception cref="ArgumentException">Two tensors have the same name.</exception>
    /// <exception cref="StemJepaException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<SafetensorsEntry> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SafetensorsEntry[] ordered = [.. tensors.OrderByDescending(entry => SafetensorsTensor.ElementSize(entry.Type))];
        var names = new HashSet<string>();
        foreach (SafetensorsEntry entry in ordered)
        {
            if (!names.Add(entry.Name))
                throw new ArgumentException($"Two tensors are called '{entry.Name}'.", nameof(tensors));
        }
        byte[] header = SafetensorsHeader.Write(ordered, metadata);
        if (header.Length > MaxHeaderLength)
            throw new ArgumentException($"The header takes {header.Length} bytes, more than the {MaxHeaderLength} that readers accept.",
                nameof(tensors));
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(prefix);
            stream.Write(header);
            foreach (SafetensorsEntry entry in ordered)
                entry.WriteTo(stream);
        });
    }

    /// <summary>True when the file holds a tensor of this name.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>The description of a tensor.</summary>
    /// <exception cref="StemJepaException">The file has no tensor of this name.</exception>
    public SafetensorsTensor Find(string name) => _byName.GetValueOrDefault(name)
        ?? throw new StemJepaException($"{FilePath}: has no tensor '{name}'; use a file with the tensor names of the published code.");

    /// <summary>Reads a tensor's bytes, little-endian and row-major, of any type.</summary>
    /// <exception cref="StemJepaException">The tensor is missing, or the file has become shorter.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is not exactly as long as the tensor.</exception>
    public void ReadBytes(string name, Span<byte> destination) => Read(Find(name), destination);

    /// <summary>Reads a tensor's bytes into a new array.</summary>
    /// <exception cref="StemJepaException">
    /// The tensor is missing or larger than an array can be, or the file has become shorter.
    /// </exception>
    public byte[] ReadBytes(string name) => ReadArray<byte>(Find(name));

    /// <summary>Reads an <c>F32</c>, <c>F16</c>, <c>BF16</c> or <c>F64</c> tensor as floats, row-major.</summary>
    /// <exception cref="StemJepaException">
    /// The tensor is missing, of another type, or larger than an array can be, or the file has become shorter.
    /// </exception>
    public float[] ReadFloats(string name)
    {
        SafetensorsTensor tensor = Find(name);
        return (tensor.Type == SafetensorsType.F32 ? ReadArray<float>(tensor) : TensorElements.ToFloats(tensor.Type, ReadBytes(name)))
            ?? throw new StemJepaException($"{FilePath}: tensor '{name}' is {tensor.Type}, but F32, F16, BF16 or F64 is needed.");
    }

    /// <summary>Reads an <c>I64</c> tensor, row-major.</summary>
    /// <exception cref="StemJepaException">
    /// The tensor is missing, of another type, or larger than an array can be, or the file has become shorter.
    /// </exception>
    public long[] ReadIntegers(string name)
    {
        SafetensorsTensor tensor = Find(name);
        return tensor.Type == SafetensorsType.I64
            ? ReadArray<long>(tensor)
            : throw new StemJepaException($"{FilePath}: tensor '{name}' is {tensor.Type}, but I64 is needed.");
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _handle.Dispose();

    private T[] ReadArray<T>(SafetensorsTensor tensor) where T : unmanaged
    {
        if (tensor.ByteLength > Array.MaxLength)
            throw new StemJepaException(
                $"{FilePath}: tensor '{tensor.Name}' takes {tensor.ByteLength} bytes, more than the {Array.MaxLength} that can be read at "
                + $"once.");
        var values = new T[tensor.ByteLength / Marshal.SizeOf<T>()];
        Read(tensor, MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    private void Read(SafetensorsTensor tensor, Span<byte> destination)
    {
        if (destination.Length != tensor.ByteLength)
            throw new ArgumentException(
                $"Tensor '{tensor.Name}' takes {tensor.ByteLength} bytes, but the destination has {destination.Length}.",
                nameof(destination));
        try
        {
            ReadExactly(FilePath, _handle, destination, _dataStart + tensor.Offset);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException(
                $"{FilePath}: cannot be read ({error.Message.TrimEnd('.')}); check the disk and copy the file again.", error);
        }
    }

    private static void ReadExactly(string path, SafeFileHandle handle, Span<byte> destination, long offset)
    {
        while (destination.Length > 0)
        {
            int read = RandomAccess.Read(handle, destination, offset);
            if (read == 0)
                throw new StemJepaException($"{path}: ends at byte {offset} while a tensor is being read; copy the file again.");
            destination = destination[read..];
            offset += read;
        }
    }
}
