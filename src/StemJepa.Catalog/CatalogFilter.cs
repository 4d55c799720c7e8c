namespace StemJepa;

/// <summary>
/// Which recordings a search may return: those that meet every condition that is set. Unknown metadata meet no condition, unless the filter
/// says so. Immutable.
/// </summary>
public sealed record CatalogFilter
{
    /// <summary>The stem.</summary>
    public Stem? Stem { get; init; }

    /// <summary>Whether recordings of unknown stem pass <see cref="Stem"/> too.</summary>
    public bool IncludeUnknownStem { get; init; }

    /// <summary>Shortest length in seconds.</summary>
    public double? MinimumSeconds { get; init; }

    /// <summary>Greatest length in seconds.</summary>
    public double? MaximumSeconds { get; init; }

    /// <summary>Lowest tempo in BPM.</summary>
    public double? MinimumTempo { get; init; }

    /// <summary>Highest tempo in BPM.</summary>
    public double? MaximumTempo { get; init; }

    /// <summary>
    /// Whether a recording also passes the bounds of the tempo if half or double its tempo does: people count beats both ways.
    /// </summary>
    public bool IncludeHalfAndDoubleTempo { get; init; }

    /// <summary>Whether recordings of unknown tempo pass its bounds too.</summary>
    public bool IncludeUnknownTempo { get; init; }

    /// <summary>Keys, one of which it must have; empty for any. See <see cref="MusicalKey.Compatible"/>.</summary>
    public IReadOnlyCollection<MusicalKey> Keys { get; init; } = [];

    /// <summary>Whether recordings of unknown key pass <see cref="Keys"/> too.</summary>
    public bool IncludeUnknownKey { get; init; }

    /// <summary>Tags, all of which it must have.</summary>
    public IReadOnlyCollection<string> Tags { get; init; } = [];

    /// <summary>
    /// Pattern that the whole path must match, where <c>*</c> stands for any text and <c>?</c> for one character; case matters unless
    /// <see cref="IgnorePathCase"/> is set.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>Whether capital and small letters of <see cref="Path"/> count as equal; vector stores cannot, and refuse.</summary>
    public bool IgnorePathCase { get; init; }

    /// <summary>Whether silent recordings are returned.</summary>
    public bool IncludeSilent { get; init; }
}
