using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Says where the demo's songs come from, who wrote Freedoom's music, and repeats the licences of Freedoom and FluidR3, from the Debian
/// packages' own files.
/// </summary>
public static partial class DemoAttribution
{
    private const string Documents = "/usr/share/doc";
    private const string Credits = Documents + "/freedoom/CREDITS.gz";
    private const string SongLicence = Documents + "/freedoom/copyright";
    private static readonly string FontLicence = $"{Documents}/{SoundFont.FluidR3.Package}/copyright";

    /// <summary>The text.</summary>
    /// <exception cref="StemJepaException">A package's documents are not installed.</exception>
    public static string Write(IReadOnlyList<DemoExcerpt> excerpts)
    {
        foreach (string path in new[] { Credits, SongLicence, FontLicence })
        {
            if (!File.Exists(path))
                throw new StemJepaException($"{path}: is missing; reinstall its Debian package with its documents, since the demo must name authors and licences.");
        }
        var text = new StringBuilder("The songs of 'stemjepa demo'\n\n");
        text.Append("Short excerpts of MIDI music by the contributors to Freedoom (BSD-3-Clause), as Debian's packages freedoom and freedm carry it,\n");
        text.Append("played by fluidsynth with the soundfont FluidR3 (MIT) and rounded to 12 bits. The stem 'vocals' is the lead melody.\n\n");
        foreach (DemoExcerpt excerpt in excerpts)
        {
            SourceRecord source = excerpt.Song.Source;
            text.Append(FormattableString.Invariant(
                $"{excerpt.Title}: {source.Lump} of {Path.GetFileName(source.Path)} ({source.Package} {source.Version}), from {excerpt.StartSeconds:0.00} s\n"));
        }
        text.Append("\nMusicians named in Freedoom's CREDITS: ").AppendJoin(", ", ReadMusicians()).Append('\n');
        text.Append("\n---- Freedoom ----\n\n").Append(File.ReadAllText(SongLicence).Trim());
        text.Append("\n\n---- FluidR3 ----\n\n").Append(File.ReadAllText(FontLicence).Trim()).Append('\n');
        return text.ToString();
    }

    private static List<string> ReadMusicians()
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Credits), CompressionMode.Decompress));
        var musicians = new List<string>();
        foreach (string entry in reader.ReadToEnd().Split("\n\n"))
        {
            ILookup<char, string> fields = entry.Split('\n').Where(line => line.Length > 3 && line[1] == ':').ToLookup(line => line[0], line => line[3..].Trim());
            if (!fields['D'].Any(done => Music().IsMatch(done)))
                continue;
            string? name = fields['N'].FirstOrDefault(), pseudonym = fields['S'].FirstOrDefault();
            musicians.Add(name is null ? pseudonym ?? "?" : pseudonym is null ? name : $"{name} ({pseudonym})");
        }
        return musicians;
    }

    [GeneratedRegex(@"\bmusics?\b", RegexOptions.IgnoreCase)]
    private static partial Regex Music();
}
