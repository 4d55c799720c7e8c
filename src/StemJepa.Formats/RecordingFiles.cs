using System.IO.Enumeration;

namespace StemJepa;

/// <summary>Finds the recordings of folders, by the names of their files.</summary>
internal static class RecordingFiles
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

    /// <summary>The recordings in and below a folder, without hidden ones, sorted by path; links to folders are not followed.</summary>
    public static IEnumerable<string> In(string folder) => Recordings(folder).Order(StringComparer.Ordinal);

    private static FileSystemEnumerable<string> Recordings(string folder) => new(
        folder, (ref FileSystemEntry entry) => entry.ToSpecifiedFullPath(), new EnumerationOptions { RecurseSubdirectories = true })
    {
        ShouldIncludePredicate = (ref FileSystemEntry entry) =>
            !entry.IsDirectory && AudioFile.HasAudioExtension(entry.FileName.ToString()),
        ShouldRecursePredicate = (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0,
    };
}
