namespace StemJepa;

/// <summary>Counts of what a catalogue holds.</summary>
public sealed record CatalogStatistics
{
    /// <summary>Number of recordings.</summary>
    public required int Recordings { get; init; }

    /// <summary>Number of recordings of each of <see cref="Stem.Roles"/>, and of every other stem that there is; roles first.</summary>
    public required IReadOnlyDictionary<Stem, int> Stems { get; init; }

    /// <summary>The sum of the known lengths, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Number of recordings of known tempo.</summary>
    public required int KnownTempo { get; init; }

    /// <summary>Number of recordings of known key.</summary>
    public required int KnownKey { get; init; }

    /// <summary>Number of silent recordings.</summary>
    public required int Silent { get; init; }

    /// <summary>Bytes that hold recordings: of files, or on servers of values.</summary>
    public required long Bytes { get; init; }

    /// <summary>Number of files that hold recordings; on servers, of shards.</summary>
    public required int Segments { get; init; }

    /// <summary>Number of replaced and removed recordings that still take space.</summary>
    public required int Dead { get; init; }
}
