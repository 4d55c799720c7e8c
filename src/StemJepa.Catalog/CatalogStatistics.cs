namespace StemJepa;

/// <summary>What a catalogue holds, counted.</summary>
public sealed record CatalogStatistics
{
    /// <summary>Recordings.</summary>
    public required int Recordings { get; init; }

    /// <summary>Recordings of each known role.</summary>
    public required IReadOnlyDictionary<Stem, int> Stems { get; init; }

    /// <summary>The sum of the known lengths, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Recordings of known tempo.</summary>
    public required int KnownTempo { get; init; }

    /// <summary>Recordings of known key.</summary>
    public required int KnownKey { get; init; }

    /// <summary>Silent recordings.</summary>
    public required int Silent { get; init; }

    /// <summary>Bytes that hold recordings: of files, or on servers of values.</summary>
    public required long Bytes { get; init; }

    /// <summary>Files that hold recordings; on servers, shares.</summary>
    public required int Segments { get; init; }

    /// <summary>Replaced and removed recordings that still take room.</summary>
    public required int Dead { get; init; }
}
