namespace StemJepa;

/// <summary>The metadata of one recording in a catalogue. Immutable; null means unknown.</summary>
public sealed record CatalogEntry
{
    /// <summary>
    /// The recording's unique name: any text, compared ordinally. Setting a second recording of the same id replaces the first.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>Path or address of the recording; not opened by the catalogue.</summary>
    public string? Path { get; init; }

    /// <summary>
    /// The stem that it is. This, <see cref="Tempo"/> and <see cref="Key"/> are what searches go by; <see cref="Detected"/> and
    /// <see cref="Named"/> tell where they may come from.
    /// </summary>
    public Stem? Stem { get; init; }

    /// <summary>Length in seconds, at least 0.</summary>
    public double? Seconds { get; init; }

    /// <summary>Tempo in BPM, above 0.</summary>
    public double? Tempo { get; init; }

    /// <summary>Key.</summary>
    public MusicalKey? Key { get; init; }

    /// <summary>What an analysis found; null if the recording was not analysed.</summary>
    public DetectedMetadata? Detected { get; init; }

    /// <summary>What its name and tags say; null if that is nothing.</summary>
    public NamedMetadata? Named { get; init; }

    /// <summary>Words for filters, in any order; none is empty or has a zero character.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>SHA-256 of the file, as 64 hexadecimal digits, to detect changes.</summary>
    public string? ContentHash { get; init; }

    /// <summary>
    /// Whether it is silent, so that its affinities say nothing. Searches leave it out unless <see cref="CatalogFilter.IncludeSilent"/> is
    /// set.
    /// </summary>
    public bool IsSilent { get; init; }
}
