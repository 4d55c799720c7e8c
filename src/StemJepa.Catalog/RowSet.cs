using System.Numerics;

namespace StemJepa;

/// <summary>Some rows of a file of vectors. Filled by one thread, then read by any.</summary>
internal sealed class RowSet(int rows)
{
    private readonly ulong[] _words = new ulong[(rows + 63L) / 64];

    /// <summary>Rows that could be in it.</summary>
    internal int Length => rows;

    /// <summary>Rows that are in it.</summary>
    internal int Count { get; private set; }

    internal bool Contains(int row) => (_words[row >> 6] >> row & 1) != 0;

    internal void Add(int row)
    {
        ulong before = _words[row >> 6], after = before | 1UL << row;
        _words[row >> 6] = after;
        Count += BitOperations.PopCount(before ^ after);
    }
}
