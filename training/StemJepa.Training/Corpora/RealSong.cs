namespace StemJepa.Training.Corpora;

/// <summary>
/// A song in the manifest. <paramref name="Programs"/> are the General MIDI programs (0..127) of each pitched role; <paramref name="Audio"/> the
/// SHA-256 of each WAV file of the original.
/// </summary>
public sealed record RealSong(
    string Name, string Package, string Version, string Path, string? Lump, string Licence, string Sha256, string Split,
    IReadOnlyDictionary<string, IReadOnlyList<int>> Programs, double Seconds, IReadOnlyDictionary<string, string> Audio);
