using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using System.Text.Json;
using System.Text;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Content of <c>song.json</c> beside the audio of a song: its source and the settings of its rendering. The role <c>vocals</c> is the lead
/// melody. Times are seconds of the rendered audio.
/// </summary>
internal sealed record SongRecord
{
    /// <summary>Name of the file in the song's folder.</summary>
    public const string FileName = SongProperties.RecordFile;

    /// <summary>Name of the rendering and of its folder.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the rendered song.</summary>
    public required string Song { get; init; }

    /// <summary>"train" or "test".</summary>
    public required string Split { get; init; }

    /// <summary>The MIDI file.</summary>
    public required SourceRecord Source { get; init; }

    /// <summary>Name of the soundfont.</summary>
    public required string Soundfont { get; init; }

    /// <summary>Length in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Start of the excerpt in the MIDI song, in seconds at the original tempo.</summary>
    public required double Start { get; init; }

    /// <summary>Tempo changes.</summary>
    public required IReadOnlyList<TempoRecord> TempoMap { get; init; }

    /// <summary>First time signature; null if unknown.</summary>
    public string? Metre { get; init; }

    /// <summary>First key signature, after transposition; null if unknown.</summary>
    public string? Key { get; init; }

    /// <summary>The pitched parts by role (bass, other, vocals).</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<PartRecord>> Parts { get; init; }

    /// <summary>Program of the drum kit; null if the kits of the song are kept.</summary>
    public int? DrumKit { get; init; }

    /// <summary>Transposition in semitones, -6..6.</summary>
    public int Transpose { get; init; }

    /// <summary>Tempo relative to the song as written.</summary>
    public double TempoFactor { get; init; }

    /// <summary>Gain by role in decibels, before the common gain of all stems; 0 for roles that are not listed.</summary>
    public required IReadOnlyDictionary<string, double> GainsDb { get; init; }

    /// <summary>True if the stems were made equally loud before their gains.</summary>
    public bool EqualLoudness { get; init; }

    /// <summary>True if the synthesiser's reverb was on.</summary>
    public bool Reverb { get; init; }

    /// <summary>True if the synthesiser's chorus was on.</summary>
    public bool Chorus { get; init; }

    /// <summary>Who sings the role vocals; absent where an instrument plays it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SingerRecord? Singer { get; init; }

    /// <summary>
    /// The instrument families that sound in other and vocals, with the roles whose parts they are; absent where they were not asked for.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Families { get; init; }

    /// <summary>Soundfont and preset (bank:program) of the drums, where they are not the song's soundfont's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DrumSoundfont { get; init; }

    /// <summary>The voices of a song that came as separate voices, in its own order.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<VoiceRecord>? Voices { get; init; }

    /// <summary>Who plays the drums of a composed song, if a person does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DrummingRecord? Drumming { get; init; }

    /// <summary>Seed of the corpus.</summary>
    public int Seed { get; init; }

    /// <summary>Genre family of a composed song.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? GenreFamily { get; init; }

    /// <summary>Main groove of a composed song.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Groove { get; init; }

    /// <summary>All grooves of a composed song, the main one first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Grooves { get; init; }

    /// <summary>Times of the beats of a composed song.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Beats { get; init; }

    /// <summary>Times of the first beats of the bars of a composed song.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Downbeats { get; init; }

    /// <summary>Chords of a composed song, after transposition.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LabelRecord>? Chords { get; init; }

    /// <summary>Keys of a composed song, after transposition.</summary>
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
            throw new StemJepaException(
                $"{path}: cannot be read as a song's record ({e.Message}); delete the song's folder and run corpus again.", e);
        }
    }

    /// <summary>Writes <c>song.json</c> into a song's folder.</summary>
    public void Save(string folder) => CorpusJson.Write(Path.Combine(folder, FileName), this);
}

/// <summary>Source of a song: a file of a Debian package, or an entry (lump) of that file, with its licence and hash.</summary>
internal sealed record SourceRecord(string Package, string Version, string Path, string? Lump, string Licence, string Sha256);

/// <summary>A tempo in quarter notes per minute that holds from <paramref name="Seconds"/> to the next change.</summary>
internal sealed record TempoRecord(double Seconds, double Bpm);

/// <summary>
/// A part: MIDI channel 1..16, name of its track, General MIDI program (0..127) as written, and the program used for the rendering.
/// </summary>
internal sealed record PartRecord(int Channel, string Track, int Program, int PlayedWith)
{
    /// <summary>Name of the soundfont that plays it, where it is not the song's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Soundfont { get; init; }

    /// <summary>The preset of that soundfont, bank:program.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Preset { get; init; }
}

/// <summary>
/// The name of a chord, such as "F#m7b5", or of a key, such as "Eb major", that holds from <paramref name="Seconds"/> to the next label.
/// </summary>
internal sealed record LabelRecord(double Seconds, string Name);

/// <summary>Reads and writes the JSON files of a corpus: snake_case, indented, UTF-8.</summary>
internal static class CorpusJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static T Read<T>(string path) => JsonSerializer.Deserialize<T>(File.ReadAllText(path), Options)!;

    public static void Write<T>(string path, T value) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(value, Options) + "\n")));
}

/// <summary>
/// A voice of a song that came as separate voices: its name, its role (null: left out), its fundamental in hertz (0 if it has none),
/// periodicity 0..1, share of the song's energy 0..1, notes
/// and different pitches, and how much of the song it sounds in, 0..1.
/// </summary>
internal sealed record VoiceRecord(string Name, string? Role, double Hertz, double Periodicity, double EnergyShare, int Notes, int Pitches,
    double Presence);
