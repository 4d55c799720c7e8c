namespace StemJepa.Training.Networks;

/// <summary>A run of elements in a checkpoint, which several tensors may share.</summary>
/// <param name="Type">Type of the elements.</param>
/// <param name="Key">Name of its entry in the archive.</param>
/// <param name="Count">Number of elements.</param>
internal sealed record TorchStorage(SafetensorsType Type, string Key, long Count)
{
    /// <summary>Size in bytes; above <see cref="long.MaxValue"/> it stays there.</summary>
    public long ByteLength => (long)Int128.Min(long.MaxValue, (Int128)Count * SafetensorsTensor.ElementSize(Type));
}
