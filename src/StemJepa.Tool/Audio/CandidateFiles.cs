using System.IO.Enumeration;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Audio;

/// <summary>Turns files and folders from the command line into the recordings to rank.</summary>
internal static class CandidateFiles
{
    /// <summary>
    /// Files as given, folders replaced by the recordings in and below them, sorted by path; hidden files and the mix are left out of
    /// folders, and a file that comes up twice stays once.
    /// </summary>
    public static IReadOnlyList<string> Expand(IEnumerable<string> given, string mix)
    {
        string mixPath = Path.GetFullPath(mix);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var files = new List<string>();
        foreach (string path in given)
        {
            IEnumerable<string> found = Directory.Exists(path)
                ? In(path).Where(file => Path.GetFullPath(file) != mixPath)
                : [path];
            files.AddRange(found.Where(file => seen.Add(Path.GetFullPath(file))));
        }
        return files;
    }

    /// <summary>Refuses a path that is a folder or nothing at all, before any work is done.</summary>
    /// <param name="path">What the user gave.</param>
    /// <param name="argument">The argument's name in the usage.</param>
    /// <exception cref="UsageException">There is no file at this path.</exception>
    public static void Require(string path, string argument)
    {
        if (Directory.Exists(path))
            throw new UsageException($"{argument} '{path}' is a folder; give one recording, such as a WAV file.");
        if (!File.Exists(path))
            throw new UsageException($"{argument} '{path}' does not exist; give the path of a recording, such as a WAV file.");
    }

    /// <summary>The recordings in and below a folder, without hidden ones, sorted by path.</summary>
    public static IEnumerable<string> In(string folder) => Recordings(folder).Order(StringComparer.Ordinal);

    private static FileSystemEnumerable<string> Recordings(string folder) => new(
        folder, (ref FileSystemEntry entry) => entry.ToSpecifiedFullPath(), new EnumerationOptions { RecurseSubdirectories = true })
    {
        ShouldIncludePredicate = (ref FileSystemEntry entry) =>
            !entry.IsDirectory && AudioFile.HasAudioExtension(entry.FileName.ToString()),
        ShouldRecursePredicate = (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0,
    };
}
