namespace StemJepa;

/// <summary>
/// What an analysis found in a recording, and how sure it is, beside what <see cref="CatalogEntry"/> goes by. Immutable; null means
/// unknown.
/// </summary>
public sealed record DetectedMetadata
{
    /// <summary>The stem that it sounds like.</summary>
    public Stem? Stem { get; init; }

    /// <summary>How sure <see cref="Stem"/> is, 0..1.</summary>
    public double? StemConfidence { get; init; }

    /// <summary>The likeliest key.</summary>
    public MusicalKey? Key { get; init; }

    /// <summary>How sure <see cref="Key"/> is, 0..1.</summary>
    public double? KeyConfidence { get; init; }

    /// <summary>The likeliest tempo in BPM, above 0.</summary>
    public double? Tempo { get; init; }

    /// <summary>How sure <see cref="Tempo"/> is, 0..1.</summary>
    public double? TempoConfidence { get; init; }

    /// <summary>The likeliest family of instruments.</summary>
    public string? Instrument { get; init; }

    /// <summary>How sure <see cref="Instrument"/> is, 0..1.</summary>
    public double? InstrumentConfidence { get; init; }

    /// <summary>Integrated loudness in LUFS (ITU-R BS.1770).</summary>
    public double? Loudness { get; init; }

    /// <summary>Whether its length is a whole number of beats, so that it can repeat in time.</summary>
    public bool? IsLoop { get; init; }

    /// <summary>The first downbeat in seconds, at least 0.</summary>
    public double? Downbeat { get; init; }

    /// <summary>How sure <see cref="Downbeat"/> is, 0..1.</summary>
    public double? DownbeatConfidence { get; init; }
}

/// <summary>What name and tags of a recording say of it. Immutable; null means that they say nothing.</summary>
/// <param name="Stem">The stem.</param>
/// <param name="Key">The key.</param>
/// <param name="Tempo">The tempo in BPM, above 0.</param>
public sealed record NamedMetadata(Stem? Stem = null, MusicalKey? Key = null, double? Tempo = null);
