using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace StemJepa.Training.Networks;

/// <summary>
/// One tensor to be written by <see cref="SafetensorsFile.Write"/>. It refers to the caller's memory, which must not change until the file
/// is written.
/// </summary>
internal sealed class SafetensorsEntry
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly ReadOnlyMemory<float> _floats;
    private readonly ReadOnlyMemory<long> _integers;

    /// <summary>Describes a tensor of any type by its little-endian, row-major bytes.</summary>
    /// <exception cref="ArgumentException">The bytes are not as many as type and shape say.</exception>
    public SafetensorsEntry(string name, SafetensorsType type, ReadOnlySpan<long> shape, ReadOnlyMemory<byte> bytes)
        : this(name, type, shape, bytes.Length) => _bytes = bytes;

    /// <summary>Describes a <see cref="SafetensorsType.F32"/> tensor.</summary>
    /// <exception cref="ArgumentException">The values are not as many as the shape says.</exception>
    public SafetensorsEntry(string name, ReadOnlySpan<long> shape, ReadOnlyMemory<float> values)
        : this(name, SafetensorsType.F32, shape, 4L * values.Length) => _floats = values;

    /// <summary>Describes an <see cref="SafetensorsType.I64"/> tensor.</summary>
    /// <exception cref="ArgumentException">The values are not as many as the shape says.</exception>
    public SafetensorsEntry(string name, ReadOnlySpan<long> shape, ReadOnlyMemory<long> values)
        : this(name, SafetensorsType.I64, shape, 8L * values.Length) => _integers = values;

    private SafetensorsEntry(string name, SafetensorsType type, ReadOnlySpan<long> shape, long byteLength)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        long expected = checked(SafetensorsTensor.ElementCount(shape) * SafetensorsTensor.ElementSize(type));
        if (expected != byteLength)
            throw new ArgumentException(
                $"Tensor '{name}' has {byteLength} bytes, but {type} [{string.Join(", ", shape.ToArray())}] takes {expected}.");
        Name = name;
        Type = type;
        Shape = [.. shape];
        ByteLength = byteLength;
    }

    /// <summary>Unique name in the file.</summary>
    public string Name { get; }

    /// <summary>Element type.</summary>
    public SafetensorsType Type { get; }

    /// <summary>Dimensions, outermost first; empty for a scalar.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>Size in bytes.</summary>
    public long ByteLength { get; }

    internal void WriteTo(Stream stream)
    {
        stream.Write(_bytes.Span);
        WriteTo(stream, _floats.Span);
        WriteTo(stream, _integers.Span);
    }

    private static void WriteTo<T>(Stream stream, ReadOnlySpan<T> values) where T : struct
    {
        const int Slice = 1 << 24;
        for (; values.Length > Slice; values = values[Slice..])
            stream.Write(MemoryMarshal.AsBytes(values[..Slice]));
        stream.Write(MemoryMarshal.AsBytes(values));
    }
}
