using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;

namespace StemJepa.Training.Corpora;

/// <summary>
/// The drum performances of the Groove MIDI Dataset (Magenta, CC BY 4.0), read from its zip file of MIDI: people who played an electronic
/// kit to a metronome. Thread-safe.
/// </summary>
internal sealed partial class DrumPerformances
{
    /// <summary>Licence of the performances.</summary>
    public const string Licence = "CC-BY-4.0";

    /// <summary>The shortest performance that accompanies songs, in seconds; shorter ones that are called fills end sections.</summary>
    public const double LeastSeconds = 8;

    private const int MaxEntryBytes = 1 << 20;

    private DrumPerformances(IReadOnlyList<DrumPerformance> beats, IReadOnlyList<DrumPerformance> fills) => (Beats, Fills) = (beats, fills);

    /// <summary>The performances that last at least <see cref="LeastSeconds"/> and are no fills, in the order of their names.</summary>
    public IReadOnlyList<DrumPerformance> Beats { get; }

    /// <summary>The fills, in the order of their names.</summary>
    public IReadOnlyList<DrumPerformance> Fills { get; }

    /// <summary>Reads the zip file; names are <c>groove/DRUMMER/SESSION/N_STYLE_BPM_beat|fill_METRE.mid</c>.</summary>
    /// <exception cref="StemJepaException">It is missing, damaged, or holds no performance.</exception>
    public static DrumPerformances Read(string path)
    {
        try
        {
            using ZipArchive zip = ZipFile.OpenRead(path);
            var all = new List<DrumPerformance>();
            foreach (ZipArchiveEntry entry in zip.Entries.OrderBy(e => e.FullName, StringComparer.Ordinal))
            {
                if (Name().Match(entry.FullName) is not { Success: true } match || entry.Length > MaxEntryBytes) continue;
                using var bytes = new MemoryStream();
                using (Stream stream = entry.Open()) stream.CopyTo(bytes);
                var midi = new MidiSong(MidiReader.Read(bytes.ToArray(), entry.FullName), entry.FullName);
                int Number(string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
                all.Add(new DrumPerformance(entry.FullName, match.Groups["drummer"].Value, match.Groups["style"].Value, Number("bpm"),
                    match.Groups["kind"].Value == "fill", Number("beats"), Number("unit"), midi));
            }
            if (all.Count == 0) throw new StemJepaException($"{path}: holds no drum performances; the zip file of the Groove MIDI " +
                $"Dataset (MIDI only) is needed.");
            return new DrumPerformances([.. all.Where(p => !p.IsFill && p.Seconds >= LeastSeconds)], [.. all.Where(p => p.IsFill)]);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new StemJepaException($"{path}: cannot be read as a zip file ({e.Message}); the zip file of the Groove MIDI " +
                $"Dataset (MIDI only) is needed.", e);
        }
    }

    [GeneratedRegex(@"(?<drummer>[^/]+)/[^/]+/\d+_(?<style>[^_/]+)_(?<bpm>\d+)_(?<kind>beat|fill)_(?<beats>\d+)-(?<unit>\d+)\.mid$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
