using System.Text.Json.Serialization;

namespace StemJepa.Training.Evaluation;

/// <summary>Where a model fails at retrieval: the JSON that <c>evaluate failures</c> writes.</summary>
internal sealed record FailureReport : EvaluationReport<FailureReport>
{
    [JsonPropertyName("all")]
    public required RetrievalMetrics All { get; init; }

    [JsonPropertyName("misses")]
    public required MissShares Misses { get; init; }

    /// <summary>Figures by groups of queries, by the name of the breakdown.</summary>
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

    /// <summary>Puts a report together.</summary>
    /// <param name="corpus">The corpus's name.</param>
    /// <param name="modelName">The model's name.</param>
    /// <param name="queries">In the order of <paramref name="affinities"/>.</param>
    /// <param name="affinities">Of the model.</param>
    /// <param name="outcomes">Of the queries.</param>
    /// <param name="cases">The most cases of each kind.</param>
    /// <param name="clipsOf">Writes the audio clips of a case; null for a report without sound.</param>
    /// <param name="measured">Where and when.</param>
    public static FailureReport Create(string corpus, string modelName, IReadOnlyList<RetrievalQuery> queries, AffinityMatrix affinities,
        IReadOnlyList<QueryOutcome> outcomes, int cases,
        Func<QueryOutcome, FailureClips>? clipsOf, Provenance measured)
    {
        IReadOnlyList<FailureCase> Cases(Func<QueryOutcome, bool> which) =>
        [
            .. outcomes.Where(outcome => outcome.IsMiss && which(outcome)).OrderByDescending(outcome => outcome.Rank)
                .ThenBy(outcome => outcome.Query.Song, StringComparer.Ordinal).ThenBy(outcome => outcome.Query.Stem).Take(cases)
                .Select(outcome => FailureCase.FromOutcome(outcome, clipsOf?.Invoke(outcome))),
        ];
        return new FailureReport
        {
            Corpus = corpus,
            ModelName = modelName,
            All = RetrievalMetrics.FromRanks([.. outcomes.Select(outcome => outcome.Rank)], outcomes.Count),
            Misses = MissShares.Compute(queries, affinities),
            Groups = new Dictionary<string, IReadOnlyList<FailureGroup>>
            {
                ["stem"] = FailureGroup.FromOutcomes(outcomes, Differences.Stem),
                ["origin"] = FailureGroup.FromOutcomes(outcomes, Differences.Origin),
                ["soundfont"] = FailureGroup.FromOutcomes(outcomes, Differences.Soundfont),
                ["active_stems"] = FailureGroup.FromOutcomes(outcomes, Differences.ActiveStems),
                ["loudness"] = FailureGroup.FromOutcomes(outcomes, Differences.Loudness),
            },
            Confusions = new Dictionary<string, IReadOnlyList<ConfusionGroup>>
            {
                ["key_distance"] = ConfusionGroup.FromOutcomes(outcomes, Differences.Key),
                ["tempo_ratio"] = ConfusionGroup.FromOutcomes(outcomes, Differences.Tempo),
            },
            Worst = Cases(_ => true),
            RightSongWrongStem = Cases(outcome => outcome.IsRightSong && !outcome.IsRightStem),
            WrongSongRightStem = Cases(outcome => !outcome.IsRightSong && outcome.IsRightStem),
            Measured = measured,
        };
    }
}

/// <summary>One query of the report with its audio clips.</summary>
internal sealed record FailureCase
{
    [JsonPropertyName("song")]
    public required string Song { get; init; }

    [JsonPropertyName("stem")]
    public required string Stem { get; init; }

    /// <summary>Of the true stem among all stems, from 1.</summary>
    [JsonPropertyName("rank")]
    public required int Rank { get; init; }

    /// <summary>The stem that was preferred.</summary>
    [JsonPropertyName("preferred_song")]
    public required string PreferredSong { get; init; }

    [JsonPropertyName("preferred_stem")]
    public required string PreferredStem { get; init; }

    [JsonPropertyName("key")]
    public string? Key { get; init; }

    [JsonPropertyName("preferred_key")]
    public string? PreferredKey { get; init; }

    /// <summary>Tempo in BPM.</summary>
    [JsonPropertyName("tempo")]
    public double? Tempo { get; init; }

    [JsonPropertyName("preferred_tempo")]
    public double? PreferredTempo { get; init; }

    [JsonPropertyName("soundfont")]
    public string? Soundfont { get; init; }

    /// <summary>How much louder the missing stem is than the rest of the song, in decibels; null if there is no rest.</summary>
    [JsonPropertyName("loudness_db")]
    public double? Loudness { get; init; }

    [JsonPropertyName("active_stems")]
    public required int ActiveStems { get; init; }

    /// <summary>Files beside the report: the mix without the stem, the true stem, the preferred one; null without sound.</summary>
    [JsonPropertyName("clips")]
    public FailureClips? Clips { get; init; }

    public static FailureCase FromOutcome(QueryOutcome outcome, FailureClips? clips) => new()
    {
        Song = outcome.Query.Song,
        Stem = outcome.Query.Stem.Name,
        Rank = outcome.Rank,
        PreferredSong = outcome.Best.Song,
        PreferredStem = outcome.Best.Stem.Name,
        Key = outcome.Facts.Key?.ToString(),
        PreferredKey = outcome.BestFacts.Key?.ToString(),
        Tempo = outcome.Facts.Tempo,
        PreferredTempo = outcome.BestFacts.Tempo,
        Soundfont = outcome.Facts.Soundfont,
        Loudness = double.IsFinite(outcome.Loudness) ? outcome.Loudness : null,
        ActiveStems = outcome.ActiveStems,
        Clips = clips,
    };
}

/// <summary>The audio clips of a case: links to WAV files, relative to the report.</summary>
internal sealed record FailureClips(
    [property: JsonPropertyName("mix")] string Mix,
    [property: JsonPropertyName("stem")] string Stem,
    [property: JsonPropertyName("preferred")] string Preferred);
