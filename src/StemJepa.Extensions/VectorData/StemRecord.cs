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
    /// The role that it plays, as <see cref="ModelInfo.StemNames"/> names it: <c>bass</c>, <c>drums</c>, <c>other</c> or <c>vocals</c>.
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
            Stem = entry.Stem is { } stem ? ModelInfo.StemNames[(int)stem] : null,
            Seconds = entry.Seconds,
            Tempo = entry.Tempo,
            Key = entry.Key?.ToString(),
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
        Stem = Stem is null ? null : RecordText.ParseStem(Stem, $"The stem of the record '{Id}'"),
        Seconds = Seconds,
        Tempo = Tempo,
        Key = Key is null ? null : RecordText.ParseKey(Key, $"The key of the record '{Id}'"),
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
}
