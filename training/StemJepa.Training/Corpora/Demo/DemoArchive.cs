using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Text;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Writes the zip file of the demo: <c>TITLE/{bass,drums,other,vocals}.wav</c> and <c>ATTRIBUTION.txt</c>. Samples are rounded to 12 bits,
/// which keeps the file small; the rounding noise, 74 dB below full scale, hardly changes the log-mel spectrogram.
/// </summary>
internal static class DemoArchive
{
    private const float Steps = 1 << 11;

    /// <summary>The earliest time of a zip entry; a fixed time makes the file reproducible.</summary>
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes the file atomically.</summary>
    public static void Write(string path, IReadOnlyList<DemoExcerpt> excerpts)
    {
        string wav = Path.GetTempFileName();
        try
        {
            AtomicFile.Write(path, stream =>
            {
                using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
                foreach (DemoExcerpt excerpt in excerpts)
                {
                    foreach (Stem stem in Stem.Roles)
                    {
                        Round(excerpt.Stems[stem.Role]).Save(wav);
                        Add(archive, $"{excerpt.Title}/{CorpusSong.FileOf(stem)}", File.ReadAllBytes(wav));
                    }
                }
                Add(archive, "ATTRIBUTION.txt", System.Text.Encoding.UTF8.GetBytes(DemoAttribution.Write(excerpts)));
            });
        }
        finally
        {
            File.Delete(wav);
        }
    }

    /// <summary>Rounds the samples of a clip to 12 bits.</summary>
    public static AudioClip Round(AudioClip clip) => new(
        Array.ConvertAll(clip.Samples.ToArray(), sample => Math.Clamp(MathF.Round(sample * Steps), -Steps, Steps - 1) / Steps),
        clip.SampleRate);

    private static void Add(ZipArchive archive, string name, ReadOnlySpan<byte> bytes)
    {
        ZipArchiveEntry entry = archive.CreateEntry(name, CompressionLevel.SmallestSize);
        entry.LastWriteTime = EntryTime;
        using Stream stream = entry.Open();
        stream.Write(bytes);
    }
}

/// <summary>
/// Writes the attribution of the demo: sources of the songs, musicians of Freedoom, and the licences of Freedoom and FluidR3, from the
/// files of their Debian packages.
/// </summary>
internal static partial class DemoAttribution
{
    private const string Documents = "/usr/share/doc";
    private const string Credits = Documents + "/freedoom/CREDITS.gz";
    private const string SongLicence = Documents + "/freedoom/copyright";
    private static readonly string FontLicence = $"{Documents}/{SoundFont.FluidR3.Package}/copyright";

    /// <summary>Returns the text.</summary>
    /// <exception cref="StemJepaException">A package's documents are not installed.</exception>
    public static string Write(IReadOnlyList<DemoExcerpt> excerpts)
    {
        foreach (string path in new[] { Credits, SongLicence, FontLicence })
        {
            if (!File.Exists(path))
                throw new StemJepaException(
                    $"{path}: is missing; reinstall its Debian package with its documents, since the demo must name authors and licences.");
        }
        var text = new StringBuilder("The songs of 'stemjepa demo'\n\n");
        text.Append("Short excerpts of MIDI music by the contributors to Freedoom (BSD-3-Clause), ")
            .Append("as Debian's packages freedoom and freedm carry it,\n")
            .Append("played by fluidsynth with the soundfont FluidR3 (MIT) and rounded to 12 bits. ")
            .Append("The stem 'vocals' is the lead melody.\n\n");
        foreach (DemoExcerpt excerpt in excerpts)
        {
            SourceRecord source = excerpt.Song.Source;
            text.Append(CultureInfo.InvariantCulture, $"{excerpt.Title}: {source.Lump} of {Path.GetFileName(source.Path)} ")
                .Append(CultureInfo.InvariantCulture, $"({source.Package} {source.Version}), from {excerpt.StartSeconds:0.00} s\n");
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
            ILookup<char, string> fields = entry.Split('\n').Where(line => line.Length > 3 && line[1] == ':')
                .ToLookup(line => line[0], line => line[3..].Trim());
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
