namespace StemJepa.Training.Corpora;

/// <summary>
/// MUSDB18-HQ, also written by the <c>corpus</c> command: one folder per song, one WAV or FLAC file per stem; a missing file is silence.
/// Where a stem has both, the WAV file is read.
/// </summary>
internal sealed class Musdb18HqLayout : ICorpusLayout
{
    private static readonly string[] Extensions = [".wav", ".flac"];

    public string Description => "MUSDB18-HQ (SONG/ with bass.wav, drums.wav, other.wav, vocals.wav, or .flac)";

    public IEnumerable<string> SongPaths(string folder) => Directory.EnumerateDirectories(folder).Where(song => Stems(song).Any());

    public ListedSong Read(string songPath, ReadingWarnings warnings) => new(Path.GetFileName(songPath), [.. Stems(songPath)]);

    private static IEnumerable<StemSource> Stems(string song)
    {
        foreach (Stem stem in Stem.Roles)
        {
            string[] paths = [.. Extensions.Select(extension => Path.Combine(song, CorpusSong.RoleName(stem) + extension))];
            if (Array.Find(paths, File.Exists) is { } path)
                yield return new StemSource(stem, path);
        }
    }
}

/// <summary>
/// MUSDB18: one MP4 file per song in Native Instruments' stem format, whose five audio streams are the mixture and the four stems.
/// </summary>
internal sealed class Musdb18StemLayout : ICorpusLayout
{
    private const string Extension = ".stem.mp4";

    /// <summary>The stems in the order of the streams; stream 0 is the mixture.</summary>
    private static readonly Stem[] Streams = [Stem.Drums, Stem.Bass, Stem.Other, Stem.Vocals];

    public string Description => "MUSDB18 (SONG.stem.mp4)";

    public IEnumerable<string> SongPaths(string folder) => Directory.EnumerateFiles(folder, "*" + Extension);

    public ListedSong Read(string songPath, ReadingWarnings warnings) =>
        new(Path.GetFileName(songPath)[..^Extension.Length],
            [.. Streams.Select((stem, index) => new StemSource(stem, songPath, index + 1))]);
}
