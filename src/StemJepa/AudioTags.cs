namespace StemJepa;

/// <summary>What the tags inside a recording's file say of it. Immutable; null means that they say nothing.</summary>
public sealed record AudioTags
{
    /// <summary>The tempi that recordings have, in BPM: numbers beyond are mistakes.</summary>
    internal const double SlowestTempo = 30, FastestTempo = 300;

    /// <summary>The key.</summary>
    public MusicalKey? Key { get; init; }

    /// <summary>The tempo in BPM, 30..300.</summary>
    public double? Tempo { get; init; }

    /// <summary>Whether it is a loop; false: it is played once, such as a single stroke of a drum.</summary>
    public bool? IsLoop { get; init; }
}
