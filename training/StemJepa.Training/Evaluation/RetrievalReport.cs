using System.Text.Json;
using System.Text.Json.Serialization;

namespace StemJepa.Training.Evaluation;

/// <summary>The figures of a model beside those of the baselines: what <c>evaluate retrieval</c> writes.</summary>
internal sealed record RetrievalReport
{
    /// <summary>Ends the name of a method that is compared with time kept (<see cref="AlignedAffinity"/>).</summary>
    public const string AlignedSuffix = "_aligned";

    /// <summary>The model by the paper's comparison, and with time kept.</summary>
    public const string ModelMethod = "model", AlignedMethod = ModelMethod + AlignedSuffix;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    [JsonPropertyName("corpus")]
    public required string Corpus { get; init; }

    [JsonPropertyName("songs")]
    public int Songs => Methods[ModelMethod].Songs;

    /// <summary>Seconds of each song that were used, from its start; null for whole songs.</summary>
    [JsonPropertyName("seconds"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Seconds { get; init; }

    /// <summary>Length of the pieces that count as songs; null for songs.</summary>
    [JsonPropertyName("piece_seconds"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PieceSeconds { get; init; }

    [JsonPropertyName("model_name")]
    public required string ModelName { get; init; }

    /// <summary>The model by the paper's comparison: like the next three, read off <see cref="Methods"/>.</summary>
    [JsonPropertyName("model")]
    public RetrievalMetrics Model => Methods[ModelMethod].All;

    [JsonPropertyName("per_stem")]
    public IReadOnlyDictionary<string, RetrievalMetrics> PerStem => Methods[ModelMethod].PerStem;

    [JsonPropertyName("same_stem")]
    public RetrievalMetrics SameStem => Methods[ModelMethod].SameStem;

    [JsonPropertyName("baselines")]
    public IReadOnlyDictionary<string, RetrievalMetrics> Baselines =>
        Methods.Where(method => method.Key is not (ModelMethod or AlignedMethod)).ToDictionary(method => method.Key, method => method.Value.All);

    /// <summary>Columns of 0.16 s that are averaged before they are compared in time.</summary>
    [JsonPropertyName("segment_patches")]
    public required int SegmentPatches { get; init; }

    /// <summary>Everything about every method, baselines first.</summary>
    [JsonPropertyName("methods")]
    public required IReadOnlyDictionary<string, RetrievalResult> Methods { get; init; }

    /// <summary>Null if the corpus has no real songs.</summary>
    [JsonPropertyName("real_only")]
    public required RealSongsFigures? RealOnly { get; init; }

    /// <summary>The paper's figures: corpus, method, figures.</summary>
    [JsonPropertyName("published")]
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, RetrievalMetrics>> Published { get; init; }

    [JsonPropertyName("measured")]
    public required Provenance Measured { get; init; }

    /// <summary>Puts the methods together, <see cref="ModelMethod"/> among them; every other but <see cref="AlignedMethod"/> is a baseline.</summary>
    public static RetrievalReport Of(string corpus, string modelName, int segmentPatches, IReadOnlyList<MeasuredMethod> methods, Provenance measured) => new()
    {
        Corpus = corpus,
        ModelName = modelName,
        SegmentPatches = segmentPatches,
        Methods = methods.ToDictionary(method => method.Name, method => method.All),
        RealOnly = RealSongsFigures.Of(methods),
        Published = new Dictionary<string, IReadOnlyDictionary<string, RetrievalMetrics>> { [PublishedFigures.Corpus] = PublishedFigures.Musdb18 },
        Measured = measured,
    };

    public void Write(Stream stream) => JsonSerializer.Serialize(stream, this, Json);

    /// <summary>Reads a results file.</summary>
    public static RetrievalReport Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return JsonSerializer.Deserialize<RetrievalReport>(stream, Json)!;
    }
}
