using System.CommandLine;
using Spectre.Console;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Reads a corpus folder in the layout of MUSDB18-HQ (which the <c>corpus</c> command writes), MUSDB18, MoisesDB or Slakh2100, either with
/// folders <c>train</c>, <c>test</c> and perhaps <c>validation</c>, or with its songs directly inside.
/// </summary>
internal static class CorpusFolder
{
    /// <summary>Names of the splits.</summary>
    public const string Train = SongSplit.Train, Validation = SongSplit.Validation, Test = SongSplit.Test;

    /// <summary>Returns the name of a corpus in results: the name of its folder.</summary>
    public static string Name(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));

    /// <summary>Creates the option <c>--cache</c> of the commands that read a corpus.</summary>
    public static Option<string?> CacheOption() =>
        new("--cache")
        {
            Description = "Folder for audio that is converted to 16 kHz; by default beside the corpus, NAME.16khz, "
                + "or a temporary folder if nothing can be written there.",
        };

    /// <summary>
    /// Lists the songs of a split, sorted by name; <c>train</c> includes the songs of a <c>validation</c> split. Songs that cannot be
    /// mapped into memory are converted once, into the cache. Warnings and progress go to standard error.
    /// </summary>
    /// <param name="folder">The corpus folder.</param>
    /// <param name="split"><c>train</c> or <c>test</c>. A folder without split folders is one split, whose songs are returned for both
    /// names; in MoisesDB a hash of the name makes one song in ten a test song.</param>
    /// <param name="cache">Folder for converted audio; by default beside the corpus, with <c>.16khz</c> appended to its name, or
    /// a temporary folder.</param>
    /// <param name="cancellationToken">Stops the conversion; songs that are already converted are kept.</param>
    /// <exception cref="StemJepaException">The folder does not exist, has no known layout or no song of that split, or a file is
    /// damaged.</exception>
    public static IReadOnlyList<CorpusSong> Songs(
        string folder, string split, string? cache = null, CancellationToken cancellationToken = default)
    {
        if (!Directory.Exists(folder))
            throw new StemJepaException(
                $"{folder}: there is no such corpus folder; make one with the corpus command, or name the folder of a data set.");
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        var warnings = new ReadingWarnings();
        try
        {
            string[] splits = split == Train ? [Train, Validation] : [split];
            IReadOnlyList<(ListedSong Song, string Split)> listed = CorpusLayouts.List(folder, splits, warnings);
            foreach (string sentence in warnings.Sentences())
                console.WriteLine(sentence);
            IReadOnlyList<string> folders = new StemCache(folder, cache)
                .FoldersOf([.. listed.Select(item => item.Song)], console, cancellationToken);
            return [.. listed.Zip(folders, (item, path) => new CorpusSong(item.Song.Name, path, item.Split))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException(
                $"{folder}: cannot be read ({e.Message.TrimEnd('.')}); check the disk and the rights on its files.", e);
        }
    }
}

/// <summary>One song of a corpus: a folder with a WAV file per stem, 16-bit mono at 16 kHz; a missing file is silence.</summary>
/// <param name="Name">Name within the corpus.</param>
/// <param name="Folder">Path of the folder: the song's own, or its converted copy.</param>
/// <param name="Split"><c>train</c>, <c>validation</c> or <c>test</c>.</param>
internal sealed record CorpusSong(string Name, string Folder, string Split = CorpusFolder.Train)
{
    /// <summary>Separates the name of a song from the number of its variant, which was rendered in another key, tempo or sound.</summary>
    public const char VariantMark = '~';

    /// <summary>Name of the song of which this one is a variant; the name of this one if it is no variant.</summary>
    public string Original => Name.Split(VariantMark)[0];

    /// <summary>Returns the path of a stem's file, which need not exist.</summary>
    public string PathOf(Stem stem) => Path.Combine(Folder, FileOf(stem));

    /// <summary>Returns the file name of a stem's audio, such as <c>bass.wav</c>; <c>mixture.wav</c> for null.</summary>
    public static string FileOf(Stem? stem) => $"{(stem is { } s ? RoleName(s) : "mixture")}.wav";

    /// <summary>Returns the name of a stem in files: bass, drums, other, vocals.</summary>
    public static string RoleName(Stem stem) => stem.Name;
}
