using System.Collections.Immutable;

namespace StemJepa.Training.Networks;

/// <summary>Where a safetensors file keeps one tensor. Immutable.</summary>
/// <param name="Name">Unique name in the file.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Dimensions, outermost first, row-major; empty for a scalar.</param>
/// <param name="Offset">First byte, counted from the end of the header.</param>
/// <param name="ByteLength">Size in bytes, always the product of <paramref name="Shape"/> and the element size.</param>
public sealed record SafetensorsTensor(string Name, SafetensorsType Type, ImmutableArray<long> Shape, long Offset, long ByteLength)
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
