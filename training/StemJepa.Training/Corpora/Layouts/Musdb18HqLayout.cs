namespace StemJepa.Training.Corpora;

/// <summary>
/// MUSDB18-HQ, and what the <c>corpus</c> command renders: a folder per song with a WAV or FLAC file per stem; a missing file is silence. Where a stem
/// has both, the WAV file is read.
/// </summary>
internal sealed class Musdb18HqLayout : ICorpusLayout
{
    private static readonly string[] Extensions = [".wav", ".flac"];

    public string Description => "MUSDB18-HQ (SONG/ with bass.wav, drums.wav, other.wav, vocals.wav, or .flac)";

    public IEnumerable<string> SongPaths(string folder) => Directory.EnumerateDirectories(folder).Where(song => Stems(song).Any());

    public ListedSong Read(string songPath, ReadingWarnings warnings) => new(Path.GetFileName(songPath), [.. Stems(songPath)]);

    private static IEnumerable<StemSource> Stems(string song)
    {
        foreach (Stem stem in Enum.GetValues<Stem>())
        {
            if (Extensions.Select(extension => Path.Combine(song, SongRenderer.RoleName(stem) + extension)).FirstOrDefault(File.Exists) is { } path)
                yield return new StemSource(stem, path);
        }
    }
}
