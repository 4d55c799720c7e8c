using System.Text.RegularExpressions;

namespace StemJepa.Training.Corpora;

/// <summary>mma's library of grooves, as it is installed. Thread-safe.</summary>
public sealed partial class GrooveLibrary
{
    /// <summary>Where Debian installs it.</summary>
    public const string Folder = "/usr/share/mma/lib";

    private GrooveLibrary(IReadOnlyList<GrooveFile> files) => Files = files;

    /// <summary>The files with a bass track and a groove, by name.</summary>
    public IReadOnlyList<GrooveFile> Files { get; }

    /// <summary>The files of a split.</summary>
    public IReadOnlyList<GrooveFile> Split(bool isTest) => [.. Files.Where(f => f.IsTest == isTest)];

    /// <summary>Reads the names of the grooves from the library's files.</summary>
    /// <exception cref="StemJepaException">mma is not installed.</exception>
    public static GrooveLibrary Read()
    {
        if (!Directory.Exists(Folder))
            throw new StemJepaException($"{Folder}: mma's library of grooves is not here: apt-get install --no-install-recommends {Mma.Package}");
        var files = new List<GrooveFile>();
        foreach (string path in Directory.GetFiles(Folder, "*.mma", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string text = File.ReadAllText(path);
            if (!BassTrack().IsMatch(text)) continue;
            string[] grooves = [.. Definition().Matches(text).Select(m => m.Groups[1].Value).Where(n => !Ornament().IsMatch(n)).Distinct(StringComparer.OrdinalIgnoreCase)];
            if (grooves.Length > 0) files.Add(new GrooveFile(Path.GetRelativePath(Folder, path)[..^4], grooves));
        }
        return new GrooveLibrary(files);
    }

    [GeneratedRegex(@"^\s*(begin\s+)?(bass|walk)\b", RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex BassTrack();

    [GeneratedRegex(@"^\s*DefGroove\s+(\S+)", RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Definition();

    [GeneratedRegex(@"intro|ending|fill|F[AB]$|\dE$|end\d*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Ornament();
}
