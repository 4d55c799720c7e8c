namespace StemJepa.Training.Corpora;

/// <summary>
/// The manifest of the corpus of real songs, <c>real-songs.json</c>: songs with licences and hashes (of the MIDI files and of the audio
/// of the originals), rejected files with reasons, and soundfonts.
/// </summary>
internal sealed record RealSongs
{
    /// <summary>Notes on roles and audio.</summary>
    public required string Note { get; init; }

    /// <summary>The soundfonts.</summary>
    public required IReadOnlyList<SoundFontRecord> Soundfonts { get; init; }

    /// <summary>The songs.</summary>
    public required IReadOnlyList<RealSong> Songs { get; init; }

    /// <summary>MIDI files that are not in the corpus.</summary>
    public required IReadOnlyList<RejectedSource> Rejected { get; init; }

    /// <summary>Creates the manifest of a corpus with all originals rendered.</summary>
    /// <exception cref="StemJepaException">An original is missing.</exception>
    public static RealSongs Describe(string corpus, IReadOnlyList<SourceSong> songs, IReadOnlyList<RejectedSource> rejected)
    {
        HashSet<string> left = [.. rejected.Select(r => r.Name)];
        return new RealSongs
        {
            Note = "The role vocals is the lead melody. Audio: 16 kHz, mono, 16 bits, rendered with fluidsynth; "
                + "hashes of the audio are of the originals with Debian 12's fluidsynth 2.3.1 on x86-64.",
            Soundfonts = [.. SoundFont.Training.Select(f => f.Describe())],
            Songs = [.. songs.Where(s => !left.Contains(s.Name)).Select(s => Describe(corpus, s))],
            Rejected = rejected,
        };
    }

    private static RealSong Describe(string corpus, SourceSong song)
    {
        string folder = Path.Combine(corpus, song.Split, song.Name);
        SongRecord record = SongRecord.Load(folder);
        return new RealSong(song.Name, song.Source.Package, song.Source.Version, song.Source.Path, song.Source.Lump, song.Source.Licence,
            SourceSong.Hash(song.Source.Bytes), song.Split, Programs(song), Math.Round(record.Seconds, 3), AudioHashes.Compute(folder));
    }

    private static Dictionary<string, IReadOnlyList<int>> Programs(SourceSong song) =>
        song.Roles.Where(r => !r.Key.IsDrums).GroupBy(r => r.Value).OrderBy(g => g.Key)
            .ToDictionary(g => CorpusSong.RoleName(g.Key), g => (IReadOnlyList<int>)[.. g.Select(r => r.Key.Program)]);
}

/// <summary>
/// A song in the manifest. <paramref name="Programs"/> holds the General MIDI programs (0..127) of each pitched role,
/// <paramref name="Audio"/> the SHA-256 of each WAV file of the original.
/// </summary>
internal sealed record RealSong(
    string Name, string Package, string Version, string Path, string? Lump, string Licence, string Sha256, string Split,
    IReadOnlyDictionary<string, IReadOnlyList<int>> Programs, double Seconds, IReadOnlyDictionary<string, string> Audio);

/// <summary>Hashes of the audio of a song. Thread-safe.</summary>
internal static class AudioHashes
{
    /// <summary>Computes the SHA-256 of mixture, bass, drums, other and vocals, by these names.</summary>
    /// <exception cref="StemJepaException">A file is missing.</exception>
    public static IReadOnlyDictionary<string, string> Compute(string folder)
    {
        var hashes = new Dictionary<string, string>();
        foreach (Stem? stem in new Stem?[] { null, Stem.Bass, Stem.Drums, Stem.Other, Stem.Vocals })
        {
            string path = Path.Combine(folder, CorpusSong.FileOf(stem));
            if (!File.Exists(path)) throw new StemJepaException($"{path}: is missing; run corpus for all songs again.");
            hashes[Path.GetFileNameWithoutExtension(path)] = SourceSong.Hash(File.ReadAllBytes(path));
        }
        return hashes;
    }
}
