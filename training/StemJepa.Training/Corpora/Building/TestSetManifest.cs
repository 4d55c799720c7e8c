using System.Text.Json;

namespace StemJepa.Training.Corpora;

/// <summary>The manifest of a test set: every song with its source, sound, licences and hashes.</summary>
internal sealed record TestSetManifest
{
    /// <summary>Name of the test set.</summary>
    public required string Name { get; init; }

    /// <summary>Notes on audio, songs and licences.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The seed.</summary>
    public required int Seed { get; init; }

    /// <summary>The soundfonts.</summary>
    public required IReadOnlyList<SoundFontRecord> Soundfonts { get; init; }

    /// <summary>The songs.</summary>
    public required IReadOnlyList<TestSong> Songs { get; init; }

    private static readonly string[] Facts =
    [
        "The role vocals is the lead melody. Audio: 16 kHz, mono, 16 bits, rendered with libfluidsynth 2.3.1.",
        "Real songs are what people wrote; "
            + "composed songs are chords and melodies of this project's over grooves of mma 21.09 that training never uses.",
        "mma and its grooves are GPL-2.0-or-later. Whether patterns of its grooves that music holds carry that licence over is not "
            + "settled; here they are taken to, so the composed songs count as GPL-2.0-or-later. "
            + "Neither their MIDI nor their audio is distributed: everybody makes them from this manifest.",
        "Audio hashes are of x86-64 with AVX-512; other processors may round the last bit differently. "
            + "MIDI hashes are the same everywhere.",
    ];

    /// <summary>Creates the manifest of a rendered test set.</summary>
    /// <exception cref="StemJepaException">A song is missing.</exception>
    public static TestSetManifest Describe(string corpus, IReadOnlyList<TestSongPlan> plans) => new()
    {
        Name = Rendered150.Name,
        Notes = Facts,
        Seed = Rendered150.Seed,
        Soundfonts = [.. SoundFont.All.Select(f => f.Describe())],
        Songs = [.. plans.Select(p => Describe(corpus, p))],
    };

    /// <summary>Reads the manifest that is embedded in this assembly.</summary>
    /// <exception cref="StemJepaException">The assembly has no such manifest.</exception>
    public static TestSetManifest Committed(string name)
    {
        using Stream stream = typeof(TestSetManifest).Assembly.GetManifestResourceStream(name + ".json")
            ?? throw new StemJepaException(
                $"{name}: this build holds no manifest of that test set; write one with --manifest and build again.");
        return JsonSerializer.Deserialize<TestSetManifest>(stream, CorpusJson.Options)!;
    }

    private static TestSong Describe(string corpus, TestSongPlan planned)
    {
        string folder = Path.Combine(corpus, SongSplit.Test, planned.Name);
        SongRecord song = SongRecord.Load(folder);
        SourceRecord source = song.Source;
        Dictionary<string, IReadOnlyList<int>> programs = song.Parts.ToDictionary(
            p => p.Key, p => (IReadOnlyList<int>)[.. p.Value.Select(part => part.PlayedWith).Distinct().Order()]);
        return new TestSong(
            planned.Name, planned.Kind, planned.VariantOf, song.Transpose, song.TempoFactor, song.Groove, song.GenreFamily, song.Metre,
            song.Key, song.TempoMap[0].Bpm, Math.Round(song.Seconds, 3), song.Soundfont, song.DrumKit, programs,
            song.Seed, source.Package, source.Version, source.Path, source.Lump,
            source.Licence, SoundFont.All.Single(f => f.Name == song.Soundfont).Licence, source.Sha256, AudioHashes.Compute(folder));
    }
}

/// <summary>
/// A song in a test set's manifest. <paramref name="Programs"/> are the General MIDI programs (0..127) of each pitched role,
/// <paramref name="MidiSha256"/> is the hash of the rendered MIDI file (the same on every machine with these package versions), and
/// <paramref name="Audio"/> the hash of each WAV file. <paramref name="Licence"/> is that of the music, <paramref name="SoundfontLicence"/>
/// that of the soundfont. Transpose and tempo factor are relative to the song as written.
/// </summary>
internal sealed record TestSong(
    string Name, string Kind, string? VariantOf, int Transpose, double TempoFactor, string? Groove, string? GenreFamily, string? Metre,
    string? Key, double Bpm, double Seconds, string Soundfont, int? DrumKit, IReadOnlyDictionary<string, IReadOnlyList<int>> Programs,
    int Seed, string Package, string Version, string Path, string? Lump,
    string Licence, string SoundfontLicence, string MidiSha256, IReadOnlyDictionary<string, string> Audio);
