namespace StemJepa;

/// <summary>Rows that a segment can be made of.</summary>
internal interface IRowSource
{
    ReadOnlySpan<byte> Vector(int row);

    ReadOnlySpan<byte> Refinement(int row);

    float Scale(int row);

    EntryRecord Record(int row);

    ReadOnlySpan<byte> Text(int row);
}
