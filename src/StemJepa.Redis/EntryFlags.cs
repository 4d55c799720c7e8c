namespace StemJepa;

/// <summary>Yes-or-no facts of an <see cref="EntryRecord"/>.</summary>
[Flags]
internal enum EntryFlags : byte
{
    None = 0,
    Silent = 1,
    HasHash = 2,
    Analyzed = 4,
}
