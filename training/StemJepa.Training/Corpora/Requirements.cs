namespace StemJepa.Training.Corpora;

/// <summary>The Debian packages that making a corpus needs. Thread-safe.</summary>
public static class Requirements
{
    /// <summary>One sentence with the <c>apt-get install</c> line of everything that is missing here; null if nothing is.</summary>
    public static string? Missing(bool real, bool composed, bool testSet)
    {
        (string Package, bool IsInstalled)[] needs =
        [
            .. real ? MidiCollections.Packages : [],
            .. composed ? [(Mma.Package, DebianPackages.HasProgram(Mma.Package) && Directory.Exists(GrooveLibrary.Folder))] : (IEnumerable<(string, bool)>)[],
            ("libfluidsynth3", FluidsynthLibrary.IsInstalled),
            .. (testSet ? SoundFont.All : SoundFont.Training).Select(s => (s.Package, File.Exists(s.Path))),
        ];
        string[] missing = [.. needs.Where(n => !n.IsInstalled).Select(n => n.Package)];
        return Sentence(missing);
    }

    /// <summary>The same for the songs of <c>--more-songs</c>.</summary>
    public static string? MissingForMore() =>
        Sentence([.. MultitrackCollections.Packages.Concat(MoreMidi.Packages).Concat(MidiCollections.Packages).Where(n => !n.IsInstalled)
            .Select(n => n.Package)]);

    private static string? Sentence(string[] missing) =>
        missing.Length == 0 ? null
            : $"The corpus needs {missing.Length} package(s) that are not installed here: apt-get install --no-install-recommends {string.Join(' ', missing)}";
}
