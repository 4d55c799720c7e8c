namespace StemJepa.Training.Corpora;

/// <summary>The hashes of a song's audio. Thread-safe.</summary>
public static class AudioHashes
{
    /// <summary>SHA-256 of mixture, bass, drums, other and vocals by those names.</summary>
    /// <exception cref="StemJepaException">One is missing.</exception>
    public static IReadOnlyDictionary<string, string> Of(string folder)
    {
        var hashes = new Dictionary<string, string>();
        foreach (Stem? stem in new Stem?[] { null, Stem.Bass, Stem.Drums, Stem.Other, Stem.Vocals })
        {
            string path = Path.Combine(folder, SongRenderer.FileOf(stem));
            if (!File.Exists(path)) throw new StemJepaException($"{path}: is missing; run corpus for all songs again.");
            hashes[Path.GetFileNameWithoutExtension(path)] = SourceSong.Hash(File.ReadAllBytes(path));
        }
        return hashes;
    }
}
