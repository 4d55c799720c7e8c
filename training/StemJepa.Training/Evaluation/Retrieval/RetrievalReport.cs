using System.Text.Json.Serialization;

namespace StemJepa.Training.Evaluation;

/// <summary>The figures of a model and of the baselines: the JSON that <c>evaluate retrieval</c> writes.</summary>
internal sealed record RetrievalReport : EvaluationReport<RetrievalReport>
{
    /// <summary>Ends the name of a method that compares in time (<see cref="AlignedAffinity"/>).</summary>
    public const string AlignedSuffix = "_aligned";

    /// <summary>The model by the paper's comparison, and in time (frame-wise).</summary>
    public const string ModelMethod = "model", AlignedMethod = ModelMethod + AlignedSuffix;

    [JsonPropertyName("songs")]
    public int Songs => Methods[ModelMethod].Songs;

    /// <summary>Seconds of each song that were used, from its start; null for whole songs.</summary>
    [JsonPropertyName("seconds"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Seconds { get; init; }

    /// <summary>Length of the pieces that count as songs; null for songs.</summary>
    [JsonPropertyName("piece_seconds"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PieceSeconds { get; init; }

    /// <summary>The model by the paper's comparison: like the next three, read off <see cref="Methods"/>.</summary>
    [JsonPropertyName("model")]
    public RetrievalMetrics Model => Methods[ModelMethod].All;

    [JsonPropertyName("per_stem")]
    public IReadOnlyDictionary<string, RetrievalMetrics> PerStem => Methods[ModelMethod].PerStem;

    [JsonPropertyName("same_stem")]
    public RetrievalMetrics SameStem => Methods[ModelMethod].SameStem;

    [JsonPropertyName("baselines")]
    public IReadOnlyDictionary<string, RetrievalMetrics> Baselines =>
        Methods.Where(method => method.Key is not (ModelMethod or AlignedMethod))
            .ToDictionary(method => method.Key, method => method.Value.All);

    /// <summary>Time patches of 0.16 s that are averaged before the comparison in time.</summary>
    [JsonPropertyName("segment_patches")]
    public required int SegmentPatches { get; init; }

    /// <summary>Everything about every method, baselines first.</summary>
    [JsonPropertyName("methods")]
    public required IReadOnlyDictionary<string, RetrievalResult> Methods { get; init; }

    /// <summary>Null if the corpus has no real songs.</summary>
    [JsonPropertyName("real_only")]
    public required RealSongsFigures? RealOnly { get; init; }

    /// <summary>Retrieval by instrument family; null if it was not asked for.</summary>
    [JsonPropertyName("families"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FamilyRetrieval? Families { get; init; }

    /// <summary>The paper's figures: corpus, method, figures.</summary>
    [JsonPropertyName("published")]
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, RetrievalMetrics>> Published { get; init; }

    /// <summary>
    /// Puts the methods together, <see cref="ModelMethod"/> among them; every other but <see cref="AlignedMethod"/> is a baseline.
    /// </summary>
    public static RetrievalReport Create(string corpus, string modelName, int segmentPatches, IReadOnlyList<MeasuredMethod> methods,
        Provenance measured) => new()
    {
        Corpus = corpus,
        ModelName = modelName,
        SegmentPatches = segmentPatches,
        Methods = methods.ToDictionary(method => method.Name, method => method.All),
        RealOnly = RealSongsFigures.Create(methods),
        Published =
            new Dictionary<string, IReadOnlyDictionary<string, RetrievalMetrics>> { [PublishedFigures.Corpus] = PublishedFigures.Musdb18 },
        Measured = measured,
    };
}

/// <summary>The figures of the songs that people wrote (<see cref="RetrievalQuery.IsReal"/>), ranked among themselves only.</summary>
internal sealed record RealSongsFigures
{
    [JsonPropertyName("songs")]
    public required int Songs { get; init; }

    /// <summary>By the method's name.</summary>
    [JsonPropertyName("methods")]
    public required IReadOnlyDictionary<string, RetrievalResult> Methods { get; init; }

    /// <summary>
    /// Figures of the real songs minus those of all songs, by the method's name. The two rank among different numbers of stems.
    /// </summary>
    [JsonPropertyName("gap")]
    public required IReadOnlyDictionary<string, RetrievalFigures> Gap { get; init; }

    /// <summary>The section; null if no song is real.</summary>
    public static RealSongsFigures? Create(IReadOnlyList<MeasuredMethod> methods)
    {
        MeasuredMethod[] measured = [.. methods.Where(method => method.Real is not null)];
        return measured.Length == 0 ? null : new RealSongsFigures
        {
            Songs = measured[0].Real!.Songs,
            Methods = measured.ToDictionary(method => method.Name, method => method.Real!),
            Gap = measured.ToDictionary(method => method.Name, method => method.Real!.All.Less(method.All.All)),
        };
    }
}

/// <summary>A method with its figures.</summary>
/// <param name="Name">One of the names in <see cref="RetrievalReport"/>.</param>
/// <param name="All">Over all songs.</param>
/// <param name="Real">Over the real songs alone, ranked among themselves; null if there are none.</param>
internal sealed record MeasuredMethod(string Name, RetrievalResult All, RetrievalResult? Real)
{
    public static MeasuredMethod Compute(string name, IReadOnlyList<RetrievalQuery> queries, AffinityMatrix affinities) =>
        new(name, RetrievalResult.Compute(queries, affinities), RetrievalResult.ComputeRealSongs(queries, affinities));
}

/// <summary>
/// The published figures of the Stem-JEPA paper (Riou et al., ISMIR 2024, section 4.2): 150 songs and 600 queries of MUSDB18. Not measured
/// by us and not on our songs.
/// </summary>
internal static class PublishedFigures
{
    public const string Corpus = "MUSDB18";

    /// <summary>By the method's name.</summary>
    public static IReadOnlyDictionary<string, RetrievalMetrics> Musdb18 { get; } = new Dictionary<string, RetrievalMetrics>
    {
        ["automashupper"] = Row(0.010, 0.088, 0.155, 0.291, 0.195),
        ["stem_jepa"] = Row(0.330, 0.632, 0.762, 0.020, 0.005),
    };

    private static RetrievalMetrics Row(double recallAt1, double recallAt5, double recallAt10, double meanRank, double medianRank) => new()
    {
        Queries = 600,
        RecallAt1 = recallAt1,
        RecallAt5 = recallAt5,
        RecallAt10 = recallAt10,
        MeanNormalizedRank = meanRank,
        MedianNormalizedRank = medianRank,
    };
}
