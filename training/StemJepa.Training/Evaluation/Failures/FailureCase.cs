using System.Text.Json.Serialization;

namespace StemJepa.Training.Evaluation;

/// <summary>One query of the report, with what it takes to hear it.</summary>
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

    /// <summary>Beats a minute.</summary>
    [JsonPropertyName("tempo")]
    public double? Tempo { get; init; }

    [JsonPropertyName("preferred_tempo")]
    public double? PreferredTempo { get; init; }

    [JsonPropertyName("soundfont")]
    public string? Soundfont { get; init; }

    /// <summary>How much louder the asked stem is than the rest of the song, in decibels; null if there is no rest.</summary>
    [JsonPropertyName("loudness_db")]
    public double? Loudness { get; init; }

    [JsonPropertyName("active_stems")]
    public required int ActiveStems { get; init; }

    /// <summary>Files beside the report: the mix without the stem, the true stem, the preferred one; null without sound.</summary>
    [JsonPropertyName("clips")]
    public FailureClips? Clips { get; init; }

    public static FailureCase Of(QueryOutcome outcome, FailureClips? clips) => new()
    {
        Song = outcome.Query.Song,
        Stem = ModelInfo.StemNames[(int)outcome.Query.Stem],
        Rank = outcome.Rank,
        PreferredSong = outcome.Best.Song,
        PreferredStem = ModelInfo.StemNames[(int)outcome.Best.Stem],
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
