namespace StemJepa.Training.Corpora;

/// <summary>MUSDB18-HQ, and what the <c>corpus</c> command renders: a folder a song, a WAV file a stem, a missing file being silence.</summary>
internal sealed class Musdb18HqLayout : ICorpusLayout
{
    public string Description => "MUSDB18-HQ (SONG/ with bass.wav, drums.wav, other.wav, vocals.wav)";

    public IEnumerable<string> SongPaths(string folder) => Directory.EnumerateDirectories(folder).Where(song => Stems(song).Any());

    public ListedSong Read(string songPath, ReadingWarnings warnings) => new(Path.GetFileName(songPath), [.. Stems(songPath)]);

    private static IEnumerable<StemSource> Stems(string song) =>
        Enum.GetValues<Stem>().Select(stem => new StemSource(stem, Path.Combine(song, SongRenderer.FileOf(stem)))).Where(source => File.Exists(source.Path));
}
