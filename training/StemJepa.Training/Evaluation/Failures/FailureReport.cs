using System.Text.Json;
using System.Text.Json.Serialization;

namespace StemJepa.Training.Evaluation;

/// <summary>Where a model fails at retrieval: what <c>evaluate failures</c> writes.</summary>
internal sealed record FailureReport
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    [JsonPropertyName("corpus")]
    public required string Corpus { get; init; }

    [JsonPropertyName("model_name")]
    public required string ModelName { get; init; }

    [JsonPropertyName("all")]
    public required RetrievalMetrics All { get; init; }

    [JsonPropertyName("misses")]
    public required MissShares Misses { get; init; }

    /// <summary>How queries fared by what they are, by the name of the breakdown.</summary>
    [JsonPropertyName("groups")]
    public required IReadOnlyDictionary<string, IReadOnlyList<FailureGroup>> Groups { get; init; }

    /// <summary>How the preferred song differs from the right one, by the name of the breakdown.</summary>
    [JsonPropertyName("confusions")]
    public required IReadOnlyDictionary<string, IReadOnlyList<ConfusionGroup>> Confusions { get; init; }

    /// <summary>Queries whose true stem came last, worst first.</summary>
    [JsonPropertyName("worst")]
    public required IReadOnlyList<FailureCase> Worst { get; init; }

    /// <summary>Misses where a stem that is already in the mix came first, worst first.</summary>
    [JsonPropertyName("right_song_wrong_stem")]
    public required IReadOnlyList<FailureCase> RightSongWrongStem { get; init; }

    /// <summary>Misses where the same stem of another song came first, worst first.</summary>
    [JsonPropertyName("wrong_song_right_stem")]
    public required IReadOnlyList<FailureCase> WrongSongRightStem { get; init; }

    [JsonPropertyName("measured")]
    public required Provenance Measured { get; init; }

    /// <summary>Puts a report together.</summary>
    /// <param name="corpus">The corpus's name.</param>
    /// <param name="modelName">The model's name.</param>
    /// <param name="queries">In the order of <paramref name="affinities"/>.</param>
    /// <param name="affinities">Of the model.</param>
    /// <param name="outcomes">Of the queries.</param>
    /// <param name="cases">The most cases of each kind.</param>
    /// <param name="clipsOf">Writes what a case sounds like; null for a report without sound.</param>
    /// <param name="measured">Where and when.</param>
    public static FailureReport Of(string corpus, string modelName, IReadOnlyList<RetrievalQuery> queries, AffinityMatrix affinities, IReadOnlyList<QueryOutcome> outcomes, int cases,
        Func<QueryOutcome, FailureClips>? clipsOf, Provenance measured)
    {
        IReadOnlyList<FailureCase> Cases(Func<QueryOutcome, bool> which) =>
        [
            .. outcomes.Where(outcome => outcome.IsMiss && which(outcome)).OrderByDescending(outcome => outcome.Rank)
                .ThenBy(outcome => outcome.Query.Song, StringComparer.Ordinal).ThenBy(outcome => outcome.Query.Stem).Take(cases)
                .Select(outcome => FailureCase.Of(outcome, clipsOf?.Invoke(outcome))),
        ];
        return new FailureReport
        {
            Corpus = corpus,
            ModelName = modelName,
            All = RetrievalMetrics.Of([.. outcomes.Select(outcome => outcome.Rank)], outcomes.Count),
            Misses = MissShares.Of(queries, affinities),
            Groups = new Dictionary<string, IReadOnlyList<FailureGroup>>
            {
                ["stem"] = FailureGroup.Of(outcomes, Differences.Stem),
                ["origin"] = FailureGroup.Of(outcomes, Differences.Origin),
                ["soundfont"] = FailureGroup.Of(outcomes, Differences.Soundfont),
                ["active_stems"] = FailureGroup.Of(outcomes, Differences.ActiveStems),
                ["loudness"] = FailureGroup.Of(outcomes, Differences.Loudness),
            },
            Confusions = new Dictionary<string, IReadOnlyList<ConfusionGroup>>
            {
                ["key_distance"] = ConfusionGroup.Of(outcomes, Differences.Key),
                ["tempo_ratio"] = ConfusionGroup.Of(outcomes, Differences.Tempo),
            },
            Worst = Cases(_ => true),
            RightSongWrongStem = Cases(outcome => outcome.IsRightSong && !outcome.IsRightStem),
            WrongSongRightStem = Cases(outcome => !outcome.IsRightSong && outcome.IsRightStem),
            Measured = measured,
        };
    }

    public void Write(Stream stream) => JsonSerializer.Serialize(stream, this, Json);

    public JsonDocument ToJson() => JsonSerializer.SerializeToDocument(this, Json);

    /// <summary>Reads a results file.</summary>
    public static FailureReport Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return JsonSerializer.Deserialize<FailureReport>(stream, Json)!;
    }
}
