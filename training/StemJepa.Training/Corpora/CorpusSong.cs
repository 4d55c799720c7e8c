namespace StemJepa.Training.Corpora;

/// <summary>One song of a corpus: a folder with a WAV file per stem, 16-bit mono at 16 kHz; a missing file is silence.</summary>
/// <param name="Name">Name within the corpus.</param>
/// <param name="Folder">Path of the folder: the song's own, or its converted copy.</param>
/// <param name="Split"><c>train</c>, <c>validation</c> or <c>test</c>.</param>
public sealed record CorpusSong(string Name, string Folder, string Split = CorpusFolder.Train)
{
    /// <summary>Separates the name of a song from the number of a variant of it that was rendered in another key, tempo and sound.</summary>
    public const char VariantMark = '~';

    /// <summary>The song that this one is a variant of, or its own name.</summary>
    public string Original => Name.Split(VariantMark)[0];

    /// <summary>Path of a stem's file, which need not exist.</summary>
    public string PathOf(Stem stem) => Path.Combine(Folder, SongRenderer.FileOf(stem));
}
