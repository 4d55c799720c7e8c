using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace StemJepa.Training.Networks;

/// <summary>A tensor as a view of a storage: element [i, j, ...] is at offset + i x stride 0 + j x stride 1 + ... Immutable.</summary>
internal sealed class TorchTensor
{
    private const int MostDimensions = 64;

    private TorchTensor(TorchStorage storage, long offset, long[] shape, long[] strides, long count)
    {
        Storage = storage;
        Offset = offset;
        Shape = [.. shape];
        Strides = [.. strides];
        Count = count;
    }

    public TorchStorage Storage { get; }

    /// <summary>The first element's place in the storage.</summary>
    public long Offset { get; }

    public ImmutableArray<long> Shape { get; }

    public ImmutableArray<long> Strides { get; }

    /// <summary>Number of elements, at most the storage's.</summary>
    public long Count { get; }

    /// <summary>Makes a tensor whose elements are all in its storage, and not more than the storage has.</summary>
    /// <exception cref="InvalidDataException">They are not.</exception>
    public static TorchTensor Create(TorchStorage storage, long offset, long[] shape, long[] strides)
    {
        if (shape.Length != strides.Length || shape.Length > MostDimensions || offset < 0
            || shape.Concat(strides).Any(number => number < 0))
            throw new InvalidDataException("its pickle describes a tensor with impossible sizes");
        Int128 count = 1, last = offset;
        foreach (long size in shape.Contains(0) ? [0] : shape)
            count = Int128.Min(count * size, long.MaxValue);
        for (int axis = 0; axis < shape.Length && count > 0; axis++)
            last = Int128.Min(last + (Int128)(shape[axis] - 1) * strides[axis], long.MaxValue);
        if (count > storage.Count || (count > 0 && last >= storage.Count))
            throw new InvalidDataException(
                $"its pickle describes a tensor [{string.Join(", ", shape)}] that is larger than its storage of {storage.Count} elements");
        return new TorchTensor(storage, offset, shape, strides, (long)count);
    }

    /// <summary>Copies the elements out of the storage's bytes, row-major.</summary>
    /// <param name="bytes">The whole storage.</param>
    /// <returns>The bytes of the elements; a part of <paramref name="bytes"/> itself if they lie there in order.</returns>
    public ReadOnlySpan<byte> Gather(ReadOnlySpan<byte> bytes)
    {
        int size = SafetensorsTensor.ElementSize(Storage.Type);
        if (Count == 0)
            return [];
        if (IsContiguous())
            return bytes.Slice((int)(Offset * size), (int)(Count * size));
        return size switch
        {
            1 => Gather<byte>(bytes),
            2 => Gather<ushort>(bytes),
            4 => Gather<uint>(bytes),
            _ => Gather<ulong>(bytes),
        };
    }

    private bool IsContiguous()
    {
        long expected = 1;
        for (int axis = Shape.Length - 1; axis >= 0; axis--)
        {
            if (Shape[axis] != 1 && Strides[axis] != expected)
                return false;
            expected *= Shape[axis];
        }
        return true;
    }

    private ReadOnlySpan<byte> Gather<T>(ReadOnlySpan<byte> bytes) where T : unmanaged
    {
        ReadOnlySpan<T> source = MemoryMarshal.Cast<byte, T>(bytes);
        var gathered = new T[Count];
        var index = new long[Shape.Length];
        long at = Offset;
        for (int i = 0; i < gathered.Length; i++)
        {
            gathered[i] = source[(int)at];
            for (int axis = Shape.Length - 1; axis >= 0; axis--)
            {
                at += Strides[axis];
                if (++index[axis] < Shape[axis])
                    break;
                at -= Shape[axis] * Strides[axis];
                index[axis] = 0;
            }
        }
        return MemoryMarshal.AsBytes(gathered.AsSpan());
    }
}

/// <summary>A run of elements in a checkpoint, which several tensors may share.</summary>
/// <param name="Type">Type of the elements.</param>
/// <param name="Key">Name of its entry in the archive.</param>
/// <param name="Count">Number of elements.</param>
internal sealed record TorchStorage(SafetensorsType Type, string Key, long Count)
{
    /// <summary>Size in bytes; above <see cref="long.MaxValue"/> it stays there.</summary>
    public long ByteLength => (long)Int128.Min(long.MaxValue, (Int128)Count * SafetensorsTensor.ElementSize(Type));
}
