using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace StemJepa.Training.Networks;

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
