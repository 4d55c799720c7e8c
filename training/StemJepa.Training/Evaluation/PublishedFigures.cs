namespace StemJepa.Training.Evaluation;

/// <summary>
/// What the Stem-JEPA paper publishes (Riou et al., ISMIR 2024, section 4.2): 150 songs and 600 queries of MUSDB18. Not measured by us, and
/// not on our songs.
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
