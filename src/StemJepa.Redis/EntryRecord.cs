using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace StemJepa;

/// <summary>The part of an entry that has a fixed size, as servers keep it, little-endian.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct EntryRecord
{
    internal const int Bytes = 72;

    /// <summary>For <see cref="Stem"/>, <see cref="Key"/> and <see cref="PathBytes"/>.</summary>
    internal const sbyte Unknown = -1;

    /// <summary>Unused: 0.</summary>
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
