namespace StemJepa;

/// <summary>What a catalogue knows of one recording beside its embedding. Immutable; what is null is not known.</summary>
public sealed record CatalogEntry
{
    /// <summary>Names the recording in the catalogue: any text, compared ordinally; a second recording of the same id replaces the first.</summary>
    public required string Id { get; init; }

    /// <summary>Where the recording is.</summary>
    public string? Path { get; init; }

    /// <summary>The role that it plays.</summary>
    public Stem? Stem { get; init; }

    /// <summary>Its length in seconds, at least 0.</summary>
    public double? Seconds { get; init; }

    /// <summary>Its tempo in beats per minute, above 0.</summary>
    public double? Tempo { get; init; }

    /// <summary>Its key.</summary>
    public MusicalKey? Key { get; init; }

    /// <summary>Words for filters, in any order; none is empty or has a zero character.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>SHA-256 of the file, as 64 hexadecimal digits: whether it has changed since.</summary>
    public string? ContentHash { get; init; }

    /// <summary>Whether nothing in it is audible, so that its affinities say nothing; searches leave it out unless they are told otherwise.</summary>
    public bool IsSilent { get; init; }
}
