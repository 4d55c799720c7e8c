using System.CommandLine;
using Spectre.Console;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Reads a corpus folder in the layout of MUSDB18-HQ (which the <c>corpus</c> command writes), MUSDB18, MoisesDB or Slakh2100, either with
/// folders <c>train</c>, <c>test</c> and perhaps <c>validation</c>, or with its songs directly inside.
/// </summary>
public static class CorpusFolder
{
    /// <summary>Names of the splits.</summary>
    public const string Train = SongSplit.Train, Validation = SongSplit.Validation, Test = SongSplit.Test;

    /// <summary>What a corpus is called in results: the name of its folder.</summary>
    public static string Name(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));

    /// <summary>The option <c>--cache</c> of the commands that read a corpus.</summary>
    public static Option<string?> CacheOption() =>
        new("--cache") { Description = "Folder for audio that is converted to 16 kHz; by default beside the corpus, NAME.16khz." };

    /// <summary>
    /// The songs of a split, sorted by name; <c>train</c> takes the songs of a <c>validation</c> split along. Songs that cannot be mapped into memory are converted
    /// once, into the cache; warnings and progress go to standard error.
    /// </summary>
    /// <param name="folder">The corpus folder.</param>
    /// <param name="split"><c>train</c> or <c>test</c>. A folder without split folders is one split, whichever is asked for, except MoisesDB's, where a hash of the name makes one song in ten a test song.</param>
    /// <param name="cache">Folder for converted audio; by default beside the corpus, with <c>.16khz</c> appended to its name.</param>
    /// <param name="cancellationToken">Stops the conversion; what has been converted is kept.</param>
    /// <exception cref="StemJepaException">The folder does not exist, has no known layout or no song of that split, or a file is damaged.</exception>
    public static IReadOnlyList<CorpusSong> Songs(string folder, string split, string? cache = null, CancellationToken cancellationToken = default)
    {
        if (!Directory.Exists(folder))
            throw new StemJepaException($"{folder}: there is no such corpus folder; make one with the corpus command, or name the folder of a data set.");
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        var warnings = new ReadingWarnings();
        try
        {
            string[] splits = split == Train ? [Train, Validation] : [split];
            IReadOnlyList<(ListedSong Song, string Split)> listed = CorpusLayouts.List(folder, splits, warnings);
            foreach (string sentence in warnings.Sentences())
                console.WriteLine(sentence);
            IReadOnlyList<string> folders = new StemCache(folder, cache ?? StemCache.FolderBeside(folder)).FoldersOf([.. listed.Select(item => item.Song)], console, cancellationToken);
            return [.. listed.Zip(folders, (item, path) => new CorpusSong(item.Song.Name, path, item.Split))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException($"{folder}: cannot be read ({e.Message.TrimEnd('.')}); check the disk and the rights on its files.", e);
        }
    }
}

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
    public string PathOf(Stem stem) => Path.Combine(Folder, FileOf(stem));

    /// <summary>File name of a stem's audio, such as <c>bass.wav</c>; <c>mixture.wav</c> for null.</summary>
    public static string FileOf(Stem? stem) => $"{(stem is { } s ? RoleName(s) : "mixture")}.wav";

    /// <summary>Name of a stem in files: bass, drums, other, vocals.</summary>
    public static string RoleName(Stem stem) => stem.ToString().ToLowerInvariant();
}
