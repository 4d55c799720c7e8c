using System.Collections.Immutable;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace StemJepa.Training.Networks;

/// <summary>Where a safetensors file keeps one tensor. Immutable.</summary>
/// <param name="Name">Unique name in the file.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Dimensions, outermost first, row-major; empty for a scalar.</param>
/// <param name="Offset">First byte, counted from the end of the header.</param>
/// <param name="ByteLength">Size in bytes, always the product of <paramref name="Shape"/> and the element size.</param>
internal sealed record SafetensorsTensor(string Name, SafetensorsType Type, ImmutableArray<long> Shape, long Offset, long ByteLength)
{
    /// <summary>Number of elements.</summary>
    public long Count => ByteLength / ElementSize(Type);

    /// <summary>The shape as people write it: <c>[64, 1, 16, 16]</c>.</summary>
    public string ShapeText => $"[{string.Join(", ", Shape)}]";

    internal static int ElementSize(SafetensorsType type) => type switch
    {
        SafetensorsType.F64 or SafetensorsType.I64 => 8,
        SafetensorsType.F32 or SafetensorsType.I32 => 4,
        SafetensorsType.F16 or SafetensorsType.BF16 => 2,
        _ => 1,
    };

    internal static long ElementCount(ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long size in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(size, nameof(shape));
            count = checked(count * size);
        }
        return count;
    }
}

/// <summary>Element types of a safetensors file, named as in its header.</summary>
internal enum SafetensorsType
{
    /// <summary>32-bit IEEE float.</summary>
    F32,
    /// <summary>16-bit IEEE float.</summary>
    F16,
    /// <summary>The upper 16 bits of a 32-bit float.</summary>
    BF16,
    /// <summary>64-bit IEEE float.</summary>
    F64,
    /// <summary>64-bit signed integer.</summary>
    I64,
    /// <summary>32-bit signed integer.</summary>
    I32,
    /// <summary>Byte.</summary>
    U8,
}

/// <summary>Elements of tensors as files hold them, little-endian.</summary>
internal static class TensorElements
{
    /// <summary>Converts floating-point elements of any precision.</summary>
    /// <returns>The values; null if the type is not one of floating point.</returns>
    public static float[]? ToFloats(SafetensorsType type, ReadOnlySpan<byte> bytes)
    {
        var values = new float[bytes.Length / SafetensorsTensor.ElementSize(type)];
        switch (type)
        {
            case SafetensorsType.F32:
                bytes.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
                return values;
            case SafetensorsType.F16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), values);
                return values;
            case SafetensorsType.F64:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, double>(bytes), values.AsSpan());
                return values;
            case SafetensorsType.BF16:
                ReadOnlySpan<ushort> upper = MemoryMarshal.Cast<byte, ushort>(bytes);
                for (int i = 0; i < values.Length; i++)
                    values[i] = BitConverter.UInt32BitsToSingle((uint)upper[i] << 16);
                return values;
            default:
                return null;
        }
    }
}
