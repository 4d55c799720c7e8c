using System.Text.Json;
using System.Text.RegularExpressions;
using StemJepa.TestSupport;
using StemJepa.Tool;

namespace StemJepa.Campaign.Tests;

/// <summary>
/// Recordings whose names are put together from what confuses terminals, shells, markup and SQL. Oracle: the tool takes all of them, names
/// them in JSON as they are, and writes no control character to the terminal.
/// </summary>
internal static partial class HostileNames
{
    private const int Rate = 16000, Recordings = 3, MostPieces = 6;

    private static readonly string[] Pieces =
    [
        "-", "--help", " ", "  ", "\n", "\r", "\t", "\u001b[41m", "\u001b]0;x\u0007", "\u202E", "\u200F", "\uFEFF", "[red]", "[bold]", "[",
        "]]", "{0}", "%s", "%", "$(id)", "`", "'", "\"", "\\", ";", "|", "&", "*", "?", "#", "~", "=", ":", "a.wav", ".", "..", "é",
        "e\u0301", "鼓", "🥁", "120bpm", "F#min", "'; DROP TABLE entry; --", "NUL", "con", "<b>", "@file", "\u0001", "\u007F", "\u0085",
        "\u2028", "🏳️‍🌈",
    ];

    /// <summary>Runs rounds of all commands that take many files.</summary>
    internal static async Task RunAsync(int seed, int rounds, string folder)
    {
        for (int round = 0; round < rounds; round++)
        {
            var random = new Random(unchecked(seed * 7919 + round));
            string inside = Path.Combine(folder, $"{round}"), library = Path.Combine(inside, "library");
            Directory.CreateDirectory(library);
            while (Directory.GetFiles(library).Length < Recordings)
                Write(library, random);
            string[] files = Directory.GetFiles(library);
            string mix = Write(inside, random), catalog = Path.Combine(inside, "catalog"), of = $"seed {seed}, round {round}";
            foreach (string[] command in (string[][])[
                ["embed", .. files, "--out", Path.Combine(inside, "out")], ["rank", mix, library, "--stem", "bass"],
                ["index", library, "--to", catalog], ["search", mix, "--stem", "bass", "--in", catalog],
                ["map", library, "--out", Path.Combine(inside, "map")]])
            {
                string json = await RunAsync([.. command, "--json"], of), table = await RunAsync(command, of);
                Assert.DoesNotContain(Unstyled(table), character => char.IsControl(character) && character != '\n');
                using JsonDocument document = JsonDocument.Parse(json);
                if (command[0] is "rank" or "search")
                {
                    Assert.Equal(files.Order(StringComparer.Ordinal), document.RootElement.GetProperty("results").EnumerateArray()
                        .Select(result => result.GetProperty("file").GetString()!).Order(StringComparer.Ordinal));
                }
            }
            Directory.Delete(inside, recursive: true);
        }
    }

    private static string Write(string folder, Random random)
    {
        string name = string.Concat(Enumerable.Range(0, random.Next(1, MostPieces)).Select(_ => Pieces[random.Next(Pieces.Length)]));
        if (name.StartsWith('.'))
            name = "x" + name; // Hidden files are left out of folders.
        double step = 0.05 + random.NextDouble() / 10;
        string path = Path.Combine(folder, name + ".wav");
        File.WriteAllBytes(path, WavBytes.Pcm16(Rate, 1, [.. Enumerable.Range(0, Rate).Select(i => (short)(8000 * Math.Sin(i * step)))]));
        return path;
    }

    private static async Task<string> RunAsync(string[] arguments, string of)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await Application.RunAsync([.. arguments, "--model", GoldenModel.Folder], output, error, CancellationToken.None);
        Assert.True(code == 0, $"{of}, {string.Join(' ', arguments)}: {error}");
        Assert.DoesNotContain(Unstyled(error.ToString()), character => char.IsControl(character) && character != '\n');
        return output.ToString();
    }

    /// <summary>Without the styles of the tool's own tables, which set no background.</summary>
    private static string Unstyled(string text) => Style().Replace(text, "");

    [GeneratedRegex(@"\x1b\[(?!41m)[0-9;]*m")]
    private static partial Regex Style();
}
