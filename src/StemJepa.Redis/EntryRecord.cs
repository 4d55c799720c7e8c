using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace StemJepa;

/// <summary>The part of an entry that has a fixed size, as servers keep it, little-endian.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct EntryRecord
{
    internal const int Bytes = 156;

    /// <summary>For stems, keys, <see cref="PathBytes"/> and <see cref="InstrumentBytes"/>.</summary>
    internal const sbyte Unknown = -1;

    /// <summary>
    /// For stems beyond <see cref="StemJepa.Stem.Roles"/>, whose names are in the text; a role's number is its position there.
    /// </summary>
    internal const sbyte Named = 4;

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

    // What the name says and an analysis found. NaN: not known.
    internal double NamedTempo;
    internal double DetectedTempo;
    internal double TempoConfidence;
    internal double KeyConfidence;
    internal double StemConfidence;
    internal double InstrumentConfidence;
    internal double Loudness;
    internal double Downbeat;
    internal double DownbeatConfidence;
    internal int InstrumentBytes;
    internal sbyte NamedStem;
    internal sbyte NamedKey;
    internal sbyte DetectedStem;
    internal sbyte DetectedKey;

    /// <summary>0 or 1; -1: not known.</summary>
    internal sbyte IsLoop;
    internal sbyte ReservedToo;

    /// <summary>0 where all stems are roles.</summary>
    internal short StemsBytes;

    /// <summary>A SHA-256.</summary>
    [InlineArray(Size)]
    internal struct ContentHash
    {
        internal const int Size = 32;
        private byte _first;
    }
}
