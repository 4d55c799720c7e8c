using System.Text;

namespace StemJepa.Training.Corpora;

/// <summary>Runs <c>mma</c>, Musical MIDI Accompaniment. Thread-safe: one process and one temporary folder per call.</summary>
internal static class Mma
{
    /// <summary>The Debian package.</summary>
    public const string Package = "mma";

    /// <summary>Meta type of the markers that MidiMark lines write.</summary>
    public const byte Marker = 0x06;

    private const int MostBars = 2000;

    /// <summary>
    /// Returns the MIDI file that mma creates from <paramref name="script"/>; <paramref name="name"/> names it in error messages.
    /// </summary>
    /// <exception cref="StemJepaException">mma is not installed or does not accept the script.</exception>
    public static async Task<MidiFile> RunAsync(string script, string name, CancellationToken cancel)
    {
        DebianPackages.Require(Package, name);
        using var folder = new ProgramFolder();
        string source = folder.File("song.mma"), midi = folder.File("song.mid");
        await File.WriteAllTextAsync(source, script, cancel);
        (int exitCode, string output) =
            await folder.RunAsync(Package, ["-w", "-xNOCREDIT", "-m", $"{MostBars}", source, "-f", midi], cancel);
        return exitCode == 0 && File.Exists(midi) ? MidiReader.Read(await File.ReadAllBytesAsync(midi, cancel), name)
            : throw new StemJepaException($"{name}: mma failed with exit code {exitCode} ({output}); a script that it accepts is needed.");
    }

    /// <summary>Returns ticks and texts of the markers, in order of time.</summary>
    public static IReadOnlyList<(long Tick, string Text)> MarkersOf(MidiFile file) =>
        [.. file.Tracks.SelectMany(t => t.Events).Where(e => e.IsMeta && e.Data1 == Marker)
            .Select(e => (e.Tick, Encoding.Latin1.GetString(e.Payload.Span)))];
}

/// <summary>
/// Roles of mma's tracks: channel 10 is drums; tracks named Walk, or with a name that ends in Bass, are bass; all others are other.
/// Thread-safe.
/// </summary>
internal static class MmaRoles
{
    /// <summary>Name of the melody track, which has the role vocals.</summary>
    public const string LeadTrack = "Lead";

    /// <summary>Returns the role of a part.</summary>
    public static Stem RoleOf(Part part) =>
        part.IsDrums ? Stem.Drums : part.TrackName == LeadTrack ? Stem.Vocals : IsBass(part.TrackName) ? Stem.Bass : Stem.Other;

    private static bool IsBass(string track)
    {
        string kind = track.Split('-')[0];
        return kind.Equals("Walk", StringComparison.OrdinalIgnoreCase) || kind.EndsWith("Bass", StringComparison.OrdinalIgnoreCase);
    }
}
