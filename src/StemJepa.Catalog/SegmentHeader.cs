using System.Runtime.InteropServices;

namespace StemJepa;

/// <summary>The first bytes of a segment, little-endian.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct SegmentHeader
{
    /// <summary>Room for the header in the file; the content begins here, aligned for vector instructions.</summary>
    internal const int Bytes = 64;

    /// <summary>"SJSEGMNT".</summary>
    internal const ulong MagicNumber = 0x544E_4D47_4553_4A53;

    internal ulong Magic;
    internal int Version;
    internal int Precision;
    internal int Length;
    internal int Rows;
    internal long TextBytes;
    internal long Number;

    /// <summary>Over the checksums of the blocks.</summary>
    internal uint TableChecksum;

    /// <summary>Over everything before it. The manifest repeats it, so that a segment cannot stand for another.</summary>
    internal uint Checksum;

    internal readonly uint ComputeChecksum()
    {
        SegmentHeader copy = this;
        copy.Checksum = 0;
        return BlockChecksum.Of(MemoryMarshal.AsBytes(new ReadOnlySpan<SegmentHeader>(in copy)));
    }
}
