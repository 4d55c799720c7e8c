using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace StemJepa;

/// <summary>The part of an entry that has a fixed size, as it lies in a segment, little-endian.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct EntryRecord
{
    internal const int Bytes = 72;

    /// <summary>For <see cref="Stem"/>, <see cref="Key"/> and <see cref="PathBytes"/>.</summary>
    internal const sbyte Unknown = -1;

    /// <summary>Where the texts begin in the segment's column: id, path and tags, one after the other.</summary>
    internal long TextStart;

    /// <summary>NaN: not known.</summary>
    internal double Seconds;

    /// <summary>NaN: not known.</summary>
    internal double Tempo;

    internal int IdBytes;
    internal int PathBytes;
    internal int TagsBytes;
    internal sbyte Stem;
    internal sbyte Key;
    internal EntryFlags Flags;
    internal byte Reserved;
    internal ContentHash Hash;

    internal readonly int TextBytes => IdBytes + Math.Max(PathBytes, 0) + TagsBytes;

    /// <summary>A SHA-256.</summary>
    [InlineArray(Size)]
    internal struct ContentHash
    {
        internal const int Size = 32;
        private byte _first;
    }
}
