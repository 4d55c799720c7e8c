namespace StemJepa.Training.Corpora;

/// <summary>
/// A song in a test set's manifest. <paramref name="Programs"/> are the General MIDI programs (0..127) that each pitched role is played with,
/// <paramref name="MidiSha256"/> is the hash of the MIDI file that was rendered (the same on every machine with these package versions), and
/// <paramref name="Audio"/> the hash of each WAV file. <paramref name="Licence"/> is the music's, <paramref name="SoundfontLicence"/> the sounds'.
/// Transpose and tempo factor are relative to the song as written.
/// </summary>
public sealed record TestSong(
    string Name, string Kind, string? VariantOf, int Transpose, double TempoFactor, string? Groove, string? GenreFamily, string? Metre, string? Key, double Bpm, double Seconds,
    string Soundfont, int? DrumKit, IReadOnlyDictionary<string, IReadOnlyList<int>> Programs, int Seed, string Package, string Version, string Path, string? Lump,
    string Licence, string SoundfontLicence, string MidiSha256, IReadOnlyDictionary<string, string> Audio);
