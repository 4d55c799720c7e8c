using System.Text;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;
using StemJepa.Server.Uploads;
using StemJepa.Server.Work;

namespace StemJepa.Server.Http.Endpoints;

/// <summary>A recording of the catalogue, as clients see it.</summary>
/// <param name="Id">Names it in requests and addresses.</param>
/// <param name="Name">The name of its file.</param>
/// <param name="Path">Where its file is on the server.</param>
/// <param name="Stem">The stem that it is; null where that is not known, as for the following.</param>
/// <param name="Seconds">Its length.</param>
/// <param name="Tempo">BPM.</param>
/// <param name="Key">Such as <c>A minor</c>.</param>
/// <param name="Instrument">The family of instruments that it sounds like.</param>
/// <param name="Loudness">Integrated loudness in LUFS.</param>
/// <param name="Loop">Whether its length is a whole number of beats.</param>
/// <param name="Tags">Words.</param>
/// <param name="Silent">Whether nothing in it is audible.</param>
/// <param name="Audio">The address of its sound, from the root of the API.</param>
internal sealed record RecordingDocument(
    string Id, string Name, string? Path, string? Stem, double? Seconds, double? Tempo, string? Key, string? Instrument, double? Loudness,
    bool? Loop, IReadOnlyList<string> Tags, bool Silent, string Audio)
{
    private const char Prefix = 'r';

    public static RecordingDocument From(CatalogEntry entry)
    {
        string id = IdOf(entry.Id);
        return new RecordingDocument(id, System.IO.Path.GetFileName(entry.Path ?? entry.Id), entry.Path, entry.Stem?.Name,
            entry.Seconds, entry.Tempo, entry.Key?.ToString(), entry.Detected?.Instrument, entry.Detected?.Loudness,
            entry.Detected?.IsLoop, entry.Tags, entry.IsSilent, $"api/recordings/{id}/audio");
    }

    /// <summary>Ids of catalogues are any text, such as paths; in addresses they are <c>r</c> and base64url of their UTF-8.</summary>
    public static string IdOf(string catalogId) => Prefix + WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(catalogId));

    /// <summary>The catalogue's id; null if it is none.</summary>
    public static string? ParseId(string id)
    {
        if (id.Length < 2 || id[0] != Prefix)
            return null;
        try
        {
            string parsed = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(id, 1, id.Length - 1));
            return parsed.Length > 0 && !parsed.Contains('\0') ? parsed : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

/// <summary>An upload, as clients see it.</summary>
/// <param name="Id">Names it in requests and addresses, until it has not been used for some hours.</param>
/// <param name="Name">The name of the file that was sent.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Audio">The address of its sound, from the root of the API.</param>
internal sealed record UploadDocument(string Id, string Name, long Bytes, string Audio)
{
    public static UploadDocument From(Upload upload) => new(upload.Id, upload.Name, upload.Bytes, $"api/uploads/{upload.Id}/audio");
}

/// <summary>An embedding.</summary>
/// <param name="Model">The name of the model.</param>
/// <param name="Stem">The missing stem, of predictions.</param>
/// <param name="Seconds">The length of the recording.</param>
/// <param name="Silent">Whether nothing in it was audible, so that the vector says nothing.</param>
/// <param name="Vector">The layer-normed embedding, of length 1: the dot product of two is their affinity.</param>
internal sealed record EmbeddingDocument(string Model, string? Stem, double? Seconds, bool Silent, float[] Vector)
{
    public static EmbeddingDocument From(ModelInfo model, StemEmbedding embedding, Stem? stem = null) => new(
        model.Name, stem?.Name, embedding.Duration?.TotalSeconds, embedding.IsSilent, embedding.UnitVector.ToArray());
}

/// <summary>What a recording is.</summary>
/// <param name="File">Its name.</param>
/// <param name="Key">The likeliest key, such as <c>A minor</c>.</param>
/// <param name="KeyConfidence">Its probability among all keys, 0..1.</param>
/// <param name="Tempo">BPM.</param>
/// <param name="TempoConfidence">How sure it is, 0..1.</param>
/// <param name="Beats">The beats in seconds.</param>
/// <param name="Stem">The stem that it sounds like; null from models that cannot tell.</param>
/// <param name="StemConfidence">How sure that is, 0..1.</param>
/// <param name="Instrument">The likeliest family of instruments.</param>
/// <param name="InstrumentConfidence">Its probability among all families, 0..1.</param>
/// <param name="Loudness">Integrated loudness in LUFS.</param>
/// <param name="Loop">Whether its length is a whole number of beats.</param>
/// <param name="Downbeat">The first downbeat in seconds.</param>
/// <param name="Silent">Whether nothing is audible, so that the rest says nothing.</param>
internal sealed record AnalysisDocument(
    string File, string Key, [property: JsonPropertyName("key_confidence")] double KeyConfidence, double Tempo,
    [property: JsonPropertyName("tempo_confidence")] double TempoConfidence, IReadOnlyList<double> Beats, string? Stem,
    [property: JsonPropertyName("stem_confidence")] double? StemConfidence, string Instrument,
    [property: JsonPropertyName("instrument_confidence")] double InstrumentConfidence, double? Loudness, bool Loop, double? Downbeat,
    bool Silent)
{
    private const int Decimals = 4;

    public static AnalysisDocument From(string file, StemAnalysis analysis) => new(
        file, analysis.Key.ToString(), Math.Round(analysis.KeyConfidence, Decimals), Math.Round(analysis.Tempo, Decimals),
        Math.Round(analysis.TempoConfidence, Decimals), [.. analysis.Beats.Select(beat => Math.Round(beat, Decimals))],
        analysis.Stem?.Name, analysis.Stem is null ? null : Math.Round(analysis.StemConfidence, Decimals),
        analysis.Instrument, Math.Round(analysis.InstrumentConfidence, Decimals), analysis.Loudness, analysis.IsLoop, analysis.Downbeat,
        analysis.IsSilent);
}

/// <summary>One candidate of a ranking.</summary>
/// <param name="File">Its name.</param>
/// <param name="Affinity">Cosine, -1..1; higher fits better.</param>
/// <param name="Coherence">Compared in time: the affinity at three speeds, and up to 0.2 each for onsets that coincide and for pitch
/// classes that both have, -1.4..1.4; the results are in its order unless they were fitted. Null otherwise.</param>
/// <param name="Fit">How it fits; null where that was not asked for, or it cannot be fitted.</param>
internal sealed record RankedDocument(string File, float Affinity, float? Coherence, FittedDocument? Fit);

/// <summary>A ranking of files that were sent.</summary>
/// <param name="Stem">The missing stem.</param>
/// <param name="Mix">The name of the mix.</param>
/// <param name="Results">Best first.</param>
/// <param name="Skipped">Files that cannot be used.</param>
/// <param name="Warnings">After fitting, a sentence for each recording that is silent or too short, of which a fit says nothing.</param>
internal sealed record RankDocument(
    string Stem, string Mix, IReadOnlyList<RankedDocument> Results, IReadOnlyList<SkippedRecording> Skipped,
    IReadOnlyList<string> Warnings)
{
    public static RankDocument From(Stem stem, string mix, FitRanking<RankedSound> ranking, int top,
        IReadOnlyList<SkippedRecording> unreadable) => new(stem.Name, mix,
            [.. ranking.Results.Take(top).Select(result => new RankedDocument(result.Candidate.Candidate.Name, result.Candidate.Affinity,
                result.Candidate.Coherence, FittedDocument.From(result.Fit)))],
            [.. unreadable, .. ranking.Skipped.Select(skipped => new SkippedRecording(skipped.Candidate.Candidate.Name, skipped.Error))],
            ranking.Warnings(mix, top, candidate => candidate.Candidate.Name));
}

/// <summary>One recording that a search found.</summary>
/// <param name="Affinity">Cosine, -1..1; higher fits better.</param>
/// <param name="Percentile">The share of recordings of that stem which do not belong to the mix and fit less, 0..1.</param>
/// <param name="KeyRelation">How its key relates to the mix's: same, relative, fifth, parallel or far; null unless both are known.</param>
/// <param name="KeySemitones">The smallest transposition that makes its key compatible with the mix's, -6..6.</param>
/// <param name="TempoRelation">How its tempo relates to the mix's: same, half or double; null unless both are known.</param>
/// <param name="TempoRatio">New tempo / old tempo when it is brought to the mix's, or to half or double of it.</param>
/// <param name="Fit">How it fits; null where that was not asked for, or it cannot be fitted.</param>
/// <param name="Recording">What is known of it.</param>
internal sealed record MatchDocument(
    float Affinity, double? Percentile, [property: JsonPropertyName("key_relation")] string? KeyRelation,
    [property: JsonPropertyName("key_semitones")] int? KeySemitones,
    [property: JsonPropertyName("tempo_relation")] string? TempoRelation, [property: JsonPropertyName("tempo_ratio")] double? TempoRatio,
    FittedDocument? Fit, RecordingDocument Recording)
{
    public static MatchDocument From(CatalogMatch match, StemFit? fit, AffinityScale? scale, MixFacts? mix)
    {
        KeyMatch? key = mix?.Match(match.Entry.Key);
        TempoMatch? tempo = mix?.Match(match.Entry.Tempo);
        return new MatchDocument(match.Affinity, scale?.Percentile(match.Affinity), key?.Relation.ToString().ToLowerInvariant(),
            key?.Semitones, tempo?.Relation.ToString().ToLowerInvariant(), tempo?.Ratio, FittedDocument.From(fit),
            RecordingDocument.From(match.Entry));
    }
}

/// <summary>What a search found.</summary>
/// <param name="Stem">The missing stem.</param>
/// <param name="Mix">The name of the mix.</param>
/// <param name="MixKey">Its key; null where it was not analysed.</param>
/// <param name="MixTempo">Its tempo in BPM; null where it was not analysed.</param>
/// <param name="Results">Best first.</param>
/// <param name="Warnings">After fitting, a sentence for each recording that is silent or too short, of which a fit says nothing.</param>
internal sealed record SearchDocument(
    string Stem, string Mix, [property: JsonPropertyName("mix_key")] string? MixKey,
    [property: JsonPropertyName("mix_tempo")] double? MixTempo, IReadOnlyList<MatchDocument> Results, IReadOnlyList<string> Warnings)
{
    public static SearchDocument From(Stem stem, string mix, MixFacts? facts, FitRanking<CatalogMatch> found, int top,
        AffinityScale? scale) => new(stem.Name, mix, facts?.Key?.ToString(), facts?.Tempo,
            [.. found.Results.Take(top).Select(result => MatchDocument.From(result.Candidate, result.Fit, scale, facts))],
            found.Warnings(mix, top, match => Path.GetFileName(match.Entry.Path ?? match.Entry.Id)));
}

/// <summary>When a recording fits.</summary>
/// <param name="Start">How many seconds later than the mix the candidate begins; negative: earlier.</param>
/// <param name="Affinity">The affinity in time there, -1..1.</param>
/// <param name="Sharpness">How far this start stands out, in standard deviations over all starts.</param>
internal sealed record AlignmentDocument(double Start, float Affinity, double Sharpness);

/// <summary>Counts of what the catalogue holds.</summary>
/// <param name="Recordings">All recordings.</param>
/// <param name="Stems">Recordings of each of the four roles, and of every other stem that there is.</param>
/// <param name="Seconds">The sum of the known lengths.</param>
/// <param name="KnownTempo">Recordings of known tempo.</param>
/// <param name="KnownKey">Recordings of known key.</param>
/// <param name="Silent">Silent recordings.</param>
/// <param name="Bytes">Bytes that hold the recordings' embeddings.</param>
internal sealed record CatalogDocument(
    int Recordings, IReadOnlyDictionary<string, int> Stems, double Seconds, [property: JsonPropertyName("known_tempo")] int KnownTempo,
    [property: JsonPropertyName("known_key")] int KnownKey, int Silent, long Bytes)
{
    public static CatalogDocument From(CatalogStatistics statistics) => new(
        statistics.Recordings, statistics.Stems.ToDictionary(pair => pair.Key.Name, pair => pair.Value),
        statistics.Seconds, statistics.KnownTempo, statistics.KnownKey, statistics.Silent, statistics.Bytes);
}

/// <summary>How the server is, and what it offers.</summary>
/// <param name="Status"><c>ok</c>.</param>
/// <param name="Model">The name of the model.</param>
/// <param name="Stems">The stems that the model knows: the four roles, then others.</param>
/// <param name="Version">The version of the library.</param>
/// <param name="Catalog">Whether there is a catalogue to search.</param>
/// <param name="Index">Whether folders can be indexed.</param>
internal sealed record HealthDocument(
    string Status, string Model, IReadOnlyList<string> Stems, string Version, bool Catalog, bool Index);
