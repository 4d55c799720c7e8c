namespace StemJepa;

/// <summary>
/// Which recordings a search may return: those that meet every condition that is set. A recording of which the catalogue does not know what a
/// condition asks for does not meet it. Immutable.
/// </summary>
public sealed record CatalogFilter
{
    /// <summary>Its role.</summary>
    public Stem? Stem { get; init; }

    /// <summary>Whether recordings of unknown role pass <see cref="Stem"/> too.</summary>
    public bool IncludeUnknownStem { get; init; }

    /// <summary>Its shortest length in seconds.</summary>
    public double? MinimumSeconds { get; init; }

    /// <summary>Its greatest length in seconds.</summary>
    public double? MaximumSeconds { get; init; }

    /// <summary>Its lowest tempo in beats per minute.</summary>
    public double? MinimumTempo { get; init; }

    /// <summary>Its highest tempo in beats per minute.</summary>
    public double? MaximumTempo { get; init; }

    /// <summary>Its key is one of these; empty: any. See <see cref="MusicalKey.Compatible"/>.</summary>
    public IReadOnlyCollection<MusicalKey> Keys { get; init; } = [];

    /// <summary>It has all of these tags.</summary>
    public IReadOnlyCollection<string> Tags { get; init; } = [];

    /// <summary>Its whole path matches this pattern, where <c>*</c> stands for any text and <c>?</c> for one character; case matters.</summary>
    public string? Path { get; init; }

    /// <summary>Whether silent recordings are returned.</summary>
    public bool IncludeSilent { get; init; }
}
