using System.Runtime.InteropServices;

namespace StemJepa;

/// <summary>Writes a segment's content in blocks and gathers their checksums. Not thread-safe.</summary>
internal sealed class BlockWriter(Stream stream)
{
    private readonly byte[] _block = new byte[BlockChecksum.BlockBytes];
    private readonly List<uint> _checksums = [];
    private int _filled;

    /// <summary>Bytes written so far.</summary>
    internal long Position { get; private set; }

    internal void Write(ReadOnlySpan<byte> bytes)
    {
        Position += bytes.Length;
        while (bytes.Length > 0)
        {
            int part = Math.Min(bytes.Length, _block.Length - _filled);
            bytes[..part].CopyTo(_block.AsSpan(_filled));
            bytes = bytes[part..];
            _filled += part;
            if (_filled == _block.Length)
                EndBlock();
        }
    }

    /// <summary>Fills up with zeros.</summary>
    internal void PadTo(long position)
    {
        Span<byte> zeros = stackalloc byte[SegmentLayout.Alignment];
        zeros.Clear();
        while (Position < position)
            Write(zeros[..(int)Math.Min(zeros.Length, position - Position)]);
    }

    /// <summary>Ends the content and writes the checksums of its blocks; returns the checksum over these.</summary>
    internal uint Finish()
    {
        if (_filled > 0)
            EndBlock();
        ReadOnlySpan<byte> table = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_checksums));
        stream.Write(table);
        return BlockChecksum.Of(table);
    }

    private void EndBlock()
    {
        ReadOnlySpan<byte> block = _block.AsSpan(0, _filled);
        stream.Write(block);
        _checksums.Add(BlockChecksum.Of(block));
        _filled = 0;
    }
}
