using System.Buffers;
using System.Runtime.InteropServices;

namespace StemJepa.Export.Onnx;

/// <summary>Shows an array as bytes without copying it: weights of a base model take hundreds of megabytes.</summary>
internal sealed class ArrayBytes<T>(T[] values) : MemoryManager<byte> where T : unmanaged
{
    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(values.AsSpan());

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("The bytes are read through spans only.");

    public override void Unpin() { }

    protected override void Dispose(bool disposing) { }
}
