using System.Text.Json;
using System.Text.Json.Serialization;

namespace StemJepa.Training.Corpora;

/// <summary>
/// <c>song.json</c> beside a song's audio: where it comes from and how it was rendered. The role <c>vocals</c> is the lead melody.
/// Times are seconds of the rendered audio.
/// </summary>
public sealed record SongRecord
{
    /// <summary>Name of the file in the song's folder.</summary>
    public const string FileName = "song.json";

    /// <summary>Name of the rendered song, its folder's.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the song that it is a rendering of.</summary>
    public required string Song { get; init; }

    /// <summary>"train" or "test".</summary>
    public required string Split { get; init; }

    /// <summary>The MIDI file.</summary>
    public required SourceRecord Source { get; init; }

    /// <summary>Name of the soundfont.</summary>
    public required string Soundfont { get; init; }

    /// <summary>Length in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Where the excerpt begins in the MIDI song, in seconds of its own tempo.</summary>
    public required double Start { get; init; }

    /// <summary>The tempo from each time on.</summary>
    public required IReadOnlyList<TempoRecord> TempoMap { get; init; }

    /// <summary>First time signature; null if unknown.</summary>
    public string? Metre { get; init; }

    /// <summary>First key signature, transposed as the song is; null if unknown.</summary>
    public string? Key { get; init; }

    /// <summary>The pitched parts by role (bass, other, vocals).</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<PartRecord>> Parts { get; init; }

    /// <summary>Soundfont and preset (bank:program) of the drums, where they are not the song's soundfont's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DrumSoundfont { get; init; }

    /// <summary>The voices of a song that came as separate voices, in its own order.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<VoiceRecord>? Voices { get; init; }

    /// <summary>Program of the drum kit; null where the song chooses.</summary>
    public int? DrumKit { get; init; }

    /// <summary>Semitones, -6..6.</summary>
    public int Transpose { get; init; }

    /// <summary>How many times faster than written.</summary>
    public double TempoFactor { get; init; }

    /// <summary>Gain by role in decibels, before the gain that all stems have in common; roles that are absent: 0.</summary>
    public required IReadOnlyDictionary<string, double> GainsDb { get; init; }

    /// <summary>Whether the stems were made equally loud before their gains.</summary>
    public bool EqualLoudness { get; init; }

    /// <summary>Whether the synthesiser's reverb was on.</summary>
    public bool Reverb { get; init; }

    /// <summary>Whether the synthesiser's chorus was on.</summary>
    public bool Chorus { get; init; }

    /// <summary>Seed of the corpus.</summary>
    public int Seed { get; init; }

    /// <summary>The kind of music of a composed song.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? GenreFamily { get; init; }

    /// <summary>Who plays the drums of a composed song, if a person does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DrummingRecord? Drumming { get; init; }

    /// <summary>mma's main groove of a composed song.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Groove { get; init; }

    /// <summary>All of mma's grooves that a composed song is played with, the main one first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Grooves { get; init; }

    /// <summary>The beats of a composed song.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Beats { get; init; }

    /// <summary>The first beats of a composed song's bars.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Downbeats { get; init; }

    /// <summary>The chords of a composed song, as they sound.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LabelRecord>? Chords { get; init; }

    /// <summary>The keys of a composed song, as they sound.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LabelRecord>? Keys { get; init; }

    /// <summary>Reads <c>song.json</c> in a song's folder.</summary>
    /// <exception cref="StemJepaException">It is not there, or damaged.</exception>
    public static SongRecord Load(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            return JsonSerializer.Deserialize<SongRecord>(File.ReadAllText(path), CorpusJson.Options) ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            throw new StemJepaException($"{path}: cannot be read as a song's record ({e.Message}); delete the song's folder and run " +
                $"corpus again.", e);
        }
    }

    /// <summary>Writes <c>song.json</c> into a song's folder.</summary>
    public void Save(string folder) => CorpusJson.Write(Path.Combine(folder, FileName), this);
}
