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
    public const string Train = "train", Validation = "validation", Test = "test";

    /// <summary>What a corpus is called in results: the name of its folder.</summary>
    public static string Name(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));

    /// <summary>The option <c>--cache</c> of the commands that read a corpus.</summary>
    public static Option<string?> CacheOption() =>
        new("--cache") { Description = "Folder for audio that is converted to 16 kHz; by default beside the corpus, NAME.16khz, or a temporary folder if nothing can be written there." };

    /// <summary>
    /// The songs of a split, sorted by name; <c>train</c> takes the songs of a <c>validation</c> split along. Songs that cannot be mapped into memory are converted
    /// once, into the cache; warnings and progress go to standard error.
    /// </summary>
    /// <param name="folder">The corpus folder.</param>
    /// <param name="split"><c>train</c> or <c>test</c>. A folder without split folders is one split, whichever is asked for, except MoisesDB's, where a hash of the name makes one song in ten a test song.</param>
    /// <param name="cache">Folder for converted audio; by default beside the corpus, with <c>.16khz</c> appended to its name, or a temporary folder.</param>
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
            IReadOnlyList<string> folders = new StemCache(folder, cache).FoldersOf([.. listed.Select(item => item.Song)], console, cancellationToken);
            return [.. listed.Zip(folders, (item, path) => new CorpusSong(item.Song.Name, path, item.Split))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException($"{folder}: cannot be read ({e.Message.TrimEnd('.')}); check the disk and the rights on its files.", e);
        }
    }
}
