using System.Runtime.CompilerServices;
using StemJepa.TestSupport;

namespace StemJepa.Packages.Tests.Guide;

/// <summary>Compares the examples that a test file compiles and runs with a page of docs/guide.</summary>
internal static class GuidePage
{
    private const string Start = "// Example: ", End = "// end of example";

    /// <summary>Asserts that the page shows an example of the calling file, without its indentation.</summary>
    public static void AssertShows(string page, string example, [CallerFilePath] string source = "")
    {
        string path = Repository.PathOf($"tests/StemJepa.Packages.Tests/Guide/{Path.GetFileName(source)}");
        string[] lines = File.ReadAllText(path).ReplaceLineEndings("\n").Split('\n');
        int from = Array.FindIndex(lines, line => line.Trim() == Start + example) + 1;
        Assert.True(from > 0, $"{source} has no example '{example}'.");
        string[] shown = lines[from..Array.FindIndex(lines, from, line => line.Trim() == End)];
        int indentation = shown[0].Length - shown[0].TrimStart().Length;
        string text = string.Join('\n', shown.Select(line => line.Length == 0 ? "" : line[indentation..]));
        Assert.Contains($"\n{text}\n", File.ReadAllText(Repository.PathOf($"docs/guide/{page}")).ReplaceLineEndings("\n"));
    }
}
