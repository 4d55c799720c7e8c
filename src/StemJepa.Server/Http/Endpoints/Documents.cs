using System.Text;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;
using StemJepa.Server.Uploads;

namespace StemJepa.Server.Http.Endpoints;

/// <summary>A recording of the catalogue, as clients see it.</summary>
/// <param name="Id">Names it in requests and addresses.</param>
/// <param name="Name">The name of its file.</param>
/// <param name="Path">Where its file is on the server.</param>
/// <param name="Stem">The stem that it is; null where that is not known, as for the following.</param>
/// <param name="Seconds">Its length.</param>
/// <param name="Tempo">BPM.</param>
/// <param name="Key">Such as <c>A minor</c>.</param>
/// <param name="Tags">Words.</param>
/// <param name="Silent">Whether nothing in it is audible.</param>
/// <param name="Audio">The address of its sound, from the root of the API.</param>
internal sealed record RecordingDocument(
    string Id, string Name, string? Path, string? Stem, double? Seconds, double? Tempo, string? Key, IReadOnlyList<string> Tags, bool Silent,
    string Audio)
{
    private const char Prefix = 'r';

    public static RecordingDocument From(CatalogEntry entry)
    {
        string id = IdOf(entry.Id);
        return new RecordingDocument(id, System.IO.Path.GetFileName(entry.Path ?? entry.Id), entry.Path, StemDocument.NameOf(entry.Stem),
            entry.Seconds, entry.Tempo, entry.Key?.ToString(), entry.Tags, entry.IsSilent, $"api/recordings/{id}/audio");
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

/// <summary>The names of stems in documents.</summary>
internal static class StemDocument
{
    public static string? NameOf(Stem? stem) => stem is { } known ? ModelInfo.StemNames[(int)known] : null;
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
        model.Name, StemDocument.NameOf(stem), embedding.Duration?.TotalSeconds, embedding.IsSilent, embedding.UnitVector.ToArray());
}

/// <summary>What a recording is.</summary>
/// <param name="File">Its name.</param>
/// <param name="Key">The likeliest key, such as <c>A minor</c>.</param>
/// <param name="KeyConfidence">Its probability among all keys, 0..1.</param>
/// <param name="Tempo">BPM.</param>
/// <param name="Beats">The beats in seconds.</param>
/// <param name="Instrument">The likeliest family of instruments.</param>
/// <param name="InstrumentConfidence">Its probability among all families, 0..1.</param>
/// <param name="Silent">Whether nothing is audible, so that the rest says nothing.</param>
internal sealed record AnalysisDocument(
    string File, string Key, [property: JsonPropertyName("key_confidence")] double KeyConfidence, double Tempo, IReadOnlyList<double> Beats,
    string Instrument, [property: JsonPropertyName("instrument_confidence")] double InstrumentConfidence, bool Silent)
{
    private const int Decimals = 4;

    public static AnalysisDocument From(string file, StemAnalysis analysis) => new(
        file, analysis.Key.ToString(), Math.Round(analysis.KeyConfidence, Decimals), Math.Round(analysis.Tempo, Decimals),
        [.. analysis.Beats.Select(beat => Math.Round(beat, Decimals))], analysis.Instrument,
        Math.Round(analysis.InstrumentConfidence, Decimals), analysis.IsSilent);
}

/// <summary>One candidate of a ranking.</summary>
/// <param name="File">Its name.</param>
/// <param name="Affinity">Cosine, -1..1; higher fits better.</param>
internal sealed record RankedDocument(string File, float Affinity);

/// <summary>A ranking of files that were sent.</summary>
/// <param name="Stem">The missing stem.</param>
/// <param name="Mix">The name of the mix.</param>
/// <param name="Results">Best first.</param>
/// <param name="Skipped">Files that cannot be used.</param>
internal sealed record RankDocument(
    string Stem, string Mix, IReadOnlyList<RankedDocument> Results, IReadOnlyList<SkippedRecording> Skipped);

/// <summary>One recording that a search found.</summary>
/// <param name="Affinity">Cosine, -1..1; higher fits better.</param>
/// <param name="Recording">What is known of it.</param>
internal sealed record MatchDocument(float Affinity, RecordingDocument Recording);

/// <summary>What a search found.</summary>
/// <param name="Stem">The missing stem.</param>
/// <param name="Mix">The name of the mix.</param>
/// <param name="Results">Best first.</param>
internal sealed record SearchDocument(string Stem, string Mix, IReadOnlyList<MatchDocument> Results);

/// <summary>When a recording fits.</summary>
/// <param name="Start">How many seconds later than the mix the candidate begins; negative: earlier.</param>
/// <param name="Affinity">The affinity in time there, -1..1.</param>
/// <param name="Sharpness">How far this start stands out, in standard deviations over all starts.</param>
internal sealed record AlignmentDocument(double Start, float Affinity, double Sharpness);

/// <summary>Counts of what the catalogue holds.</summary>
/// <param name="Recordings">All recordings.</param>
/// <param name="Stems">Recordings of each known stem.</param>
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
        statistics.Recordings, statistics.Stems.ToDictionary(pair => StemDocument.NameOf(pair.Key)!, pair => pair.Value),
        statistics.Seconds, statistics.KnownTempo, statistics.KnownKey, statistics.Silent, statistics.Bytes);
}

/// <summary>How the server is, and what it offers.</summary>
/// <param name="Status"><c>ok</c>.</param>
/// <param name="Model">The name of the model.</param>
/// <param name="Version">The version of the library.</param>
/// <param name="Catalog">Whether there is a catalogue to search.</param>
/// <param name="Index">Whether folders can be indexed.</param>
internal sealed record HealthDocument(string Status, string Model, string Version, bool Catalog, bool Index);
