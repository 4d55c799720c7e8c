using Microsoft.Extensions.VectorData;

namespace StemJepa.Extensions;

/// <summary>
/// One recording as vector stores keep it: a <see cref="CatalogEntry"/> and its vector in types that every store has. What is null is not
/// known. The attributes describe it for the shipped model; for another, give the store <see cref="Definition"/>. Not thread-safe.
/// </summary>
public sealed class StemRecord
{
    /// <summary>Values in an embedding of the shipped model.</summary>
    internal const int ShippedLength = 640;

    /// <summary>Names the recording in the collection: any text, compared ordinally.</summary>
    [VectorStoreKey]
    public string Id { get; set; } = "";

    /// <summary>Where the recording is.</summary>
    [VectorStoreData]
    public string? Path { get; set; }

    /// <summary>
    /// The name of the stem that it plays (<see cref="StemJepa.Stem.Name"/>): <c>bass</c>, <c>drums</c>, <c>other</c>, <c>vocals</c>, or
    /// another that the model knows.
    /// </summary>
    [VectorStoreData(IsIndexed = true)]
    public string? Stem { get; set; }

    /// <summary>Its length in seconds, at least 0.</summary>
    [VectorStoreData(IsIndexed = true)]
    public double? Seconds { get; set; }

    /// <summary>Its tempo in BPM, above 0.</summary>
    [VectorStoreData(IsIndexed = true)]
    public double? Tempo { get; set; }

    /// <summary>Its key, as <see cref="MusicalKey.ToString"/> writes it: <c>A minor</c>, <c>Bb major</c>.</summary>
    [VectorStoreData(IsIndexed = true)]
    public string? Key { get; set; }

    /// <summary>Whether it was analysed, so that what is detected counts.</summary>
    [VectorStoreData(IsIndexed = true)]
    public bool IsAnalyzed { get; set; }

    /// <inheritdoc cref="DetectedMetadata.Stem"/>
    [VectorStoreData]
    public string? DetectedStem { get; set; }

    /// <inheritdoc cref="DetectedMetadata.StemConfidence"/>
    [VectorStoreData]
    public double? StemConfidence { get; set; }

    /// <inheritdoc cref="DetectedMetadata.Key"/>
    [VectorStoreData]
    public string? DetectedKey { get; set; }

    /// <inheritdoc cref="DetectedMetadata.KeyConfidence"/>
    [VectorStoreData]
    public double? KeyConfidence { get; set; }

    /// <inheritdoc cref="DetectedMetadata.Tempo"/>
    [VectorStoreData]
    public double? DetectedTempo { get; set; }

    /// <inheritdoc cref="DetectedMetadata.TempoConfidence"/>
    [VectorStoreData]
    public double? TempoConfidence { get; set; }

    /// <inheritdoc cref="DetectedMetadata.Instrument"/>
    [VectorStoreData(IsIndexed = true)]
    public string? Instrument { get; set; }

    /// <inheritdoc cref="DetectedMetadata.InstrumentConfidence"/>
    [VectorStoreData]
    public double? InstrumentConfidence { get; set; }

    /// <inheritdoc cref="DetectedMetadata.Loudness"/>
    [VectorStoreData]
    public double? Loudness { get; set; }

    /// <inheritdoc cref="DetectedMetadata.IsLoop"/>
    [VectorStoreData(IsIndexed = true)]
    public bool? IsLoop { get; set; }

    /// <inheritdoc cref="DetectedMetadata.Downbeat"/>
    [VectorStoreData]
    public double? Downbeat { get; set; }

    /// <inheritdoc cref="DetectedMetadata.DownbeatConfidence"/>
    [VectorStoreData]
    public double? DownbeatConfidence { get; set; }

    /// <inheritdoc cref="NamedMetadata.Stem"/>
    [VectorStoreData]
    public string? NamedStem { get; set; }

    /// <inheritdoc cref="NamedMetadata.Key"/>
    [VectorStoreData]
    public string? NamedKey { get; set; }

    /// <inheritdoc cref="NamedMetadata.Tempo"/>
    [VectorStoreData]
    public double? NamedTempo { get; set; }

    /// <summary>Words for filters.</summary>
    [VectorStoreData(IsIndexed = true)]
    public List<string> Tags { get; set; } = [];

    /// <summary>SHA-256 of the file, as 64 hexadecimal digits.</summary>
    [VectorStoreData]
    public string? ContentHash { get; set; }

    /// <summary>Whether nothing in it is audible, so that its affinities say nothing.</summary>
    [VectorStoreData(IsIndexed = true)]
    public bool IsSilent { get; set; }

    /// <summary><see cref="StemEmbedding.UnitVector"/>; empty where a store was not asked for vectors.</summary>
    [VectorStoreVector(ShippedLength, DistanceFunction = DistanceFunction.CosineSimilarity)]
    public ReadOnlyMemory<float> Vector { get; set; }

    /// <summary>Describes records to a store, for a model whose embeddings have another length than the shipped model's.</summary>
    /// <param name="dimensions">Values in an embedding: <see cref="ModelInfo.EmbeddingLength"/>.</param>
    public static VectorStoreCollectionDefinition Definition(int dimensions) => new()
    {
        Properties =
        [
            new VectorStoreKeyProperty(nameof(Id), typeof(string)),
            new VectorStoreDataProperty(nameof(Path), typeof(string)),
            new VectorStoreDataProperty(nameof(Stem), typeof(string)) { IsIndexed = true },
            new VectorStoreDataProperty(nameof(Seconds), typeof(double?)) { IsIndexed = true },
            new VectorStoreDataProperty(nameof(Tempo), typeof(double?)) { IsIndexed = true },
            new VectorStoreDataProperty(nameof(Key), typeof(string)) { IsIndexed = true },
            new VectorStoreDataProperty(nameof(IsAnalyzed), typeof(bool)) { IsIndexed = true },
            new VectorStoreDataProperty(nameof(DetectedStem), typeof(string)),
            new VectorStoreDataProperty(nameof(StemConfidence), typeof(double?)),
            new VectorStoreDataProperty(nameof(DetectedKey), typeof(string)),
            new VectorStoreDataProperty(nameof(KeyConfidence), typeof(double?)),
            new VectorStoreDataProperty(nameof(DetectedTempo), typeof(double?)),
            new VectorStoreDataProperty(nameof(TempoConfidence), typeof(double?)),
            new VectorStoreDataProperty(nameof(Instrument), typeof(string)) { IsIndexed = true },
            new VectorStoreDataProperty(nameof(InstrumentConfidence), typeof(double?)),
            new VectorStoreDataProperty(nameof(Loudness), typeof(double?)),
            new VectorStoreDataProperty(nameof(IsLoop), typeof(bool?)) { IsIndexed = true },
            new VectorStoreDataProperty(nameof(Downbeat), typeof(double?)),
            new VectorStoreDataProperty(nameof(DownbeatConfidence), typeof(double?)),
            new VectorStoreDataProperty(nameof(NamedStem), typeof(string)),
            new VectorStoreDataProperty(nameof(NamedKey), typeof(string)),
            new VectorStoreDataProperty(nameof(NamedTempo), typeof(double?)),
            new VectorStoreDataProperty(nameof(Tags), typeof(List<string>)) { IsIndexed = true },
            new VectorStoreDataProperty(nameof(ContentHash), typeof(string)),
            new VectorStoreDataProperty(nameof(IsSilent), typeof(bool)) { IsIndexed = true },
            new VectorStoreVectorProperty(nameof(Vector), typeof(ReadOnlyMemory<float>),
                dimensions) { DistanceFunction = DistanceFunction.CosineSimilarity },
        ],
    };

    /// <summary>A record of what is known of a recording, with its vector or without.</summary>
    public static StemRecord From(CatalogEntry entry, StemEmbedding? embedding = null)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new StemRecord
        {
            Id = entry.Id,
            Path = entry.Path,
            Stem = entry.Stem?.Name,
            Seconds = entry.Seconds,
            Tempo = entry.Tempo,
            Key = entry.Key?.ToString(),
            IsAnalyzed = entry.Detected is not null,
            DetectedStem = entry.Detected?.Stem?.Name,
            StemConfidence = entry.Detected?.StemConfidence,
            DetectedKey = entry.Detected?.Key?.ToString(),
            KeyConfidence = entry.Detected?.KeyConfidence,
            DetectedTempo = entry.Detected?.Tempo,
            TempoConfidence = entry.Detected?.TempoConfidence,
            Instrument = entry.Detected?.Instrument,
            InstrumentConfidence = entry.Detected?.InstrumentConfidence,
            Loudness = entry.Detected?.Loudness,
            IsLoop = entry.Detected?.IsLoop,
            Downbeat = entry.Detected?.Downbeat,
            DownbeatConfidence = entry.Detected?.DownbeatConfidence,
            NamedStem = entry.Named?.Stem?.Name,
            NamedKey = entry.Named?.Key?.ToString(),
            NamedTempo = entry.Named?.Tempo,
            Tags = [.. entry.Tags],
            ContentHash = entry.ContentHash,
            IsSilent = entry.IsSilent,
            Vector = embedding?.UnitVector ?? default,
        };
    }

    /// <summary>What the record knows, without its vector.</summary>
    /// <exception cref="ArgumentException">The stem or the key is none; the message names the record.</exception>
    public CatalogEntry ToEntry() => new()
    {
        Id = Id,
        Path = Path,
        Stem = StemOf(Stem, "stem"),
        Seconds = Seconds,
        Tempo = Tempo,
        Key = KeyOf(Key, "key"),
        Detected = IsAnalyzed ? Detected() : null,
        Named = (NamedStem, NamedKey, NamedTempo) is (null, null, null)
            ? null
            : new NamedMetadata(StemOf(NamedStem, "named stem"), KeyOf(NamedKey, "named key"), NamedTempo),
        Tags = [.. Tags ?? []],
        ContentHash = ContentHash,
        IsSilent = IsSilent,
    };

    /// <summary>The record's vector as an embedding.</summary>
    /// <exception cref="ArgumentException">
    /// It is empty, its length is no model's, or a value is not finite; the message names the record.
    /// </exception>
    public StemEmbedding ToEmbedding()
    {
        if (Vector.IsEmpty)
            throw new ArgumentException($"The record '{Id}' has no vector: give it that of an embedding, or ask the store for vectors.");
        try
        {
            return new StemEmbedding(Vector.Span, Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null, IsSilent);
        }
        catch (ArgumentException error)
        {
            throw new ArgumentException($"The vector of the record '{Id}' cannot be used: {error.Message}", error);
        }
    }

    private DetectedMetadata Detected() => new()
    {
        Stem = StemOf(DetectedStem, "detected stem"),
        StemConfidence = StemConfidence,
        Key = KeyOf(DetectedKey, "detected key"),
        KeyConfidence = KeyConfidence,
        Tempo = DetectedTempo,
        TempoConfidence = TempoConfidence,
        Instrument = Instrument,
        InstrumentConfidence = InstrumentConfidence,
        Loudness = Loudness,
        IsLoop = IsLoop,
        Downbeat = Downbeat,
        DownbeatConfidence = DownbeatConfidence,
    };

    private Stem? StemOf(string? text, string what) =>
        text is null ? null : RecordText.ParseStem(text, $"The {what} of the record '{Id}'");

    private MusicalKey? KeyOf(string? text, string what) =>
        text is null ? null : RecordText.ParseKey(text, $"The {what} of the record '{Id}'");
}
