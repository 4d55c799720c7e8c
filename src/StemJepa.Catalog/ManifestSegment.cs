namespace StemJepa;

/// <summary>One segment of a catalogue, as its manifest names it.</summary>
/// <param name="Number">The number in its file name; never used twice in a catalogue.</param>
/// <param name="Rows">Its rows, with the dead ones.</param>
/// <param name="Checksum">Its header's checksum, and through it that of all its content.</param>
/// <param name="Dead">Rows that were replaced or removed, ascending.</param>
internal sealed record ManifestSegment(long Number, int Rows, uint Checksum, int[] Dead)
{
    internal int Live => Rows - Dead.Length;
}
