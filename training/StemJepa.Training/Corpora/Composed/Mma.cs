using System.Text;
using CliWrap;

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
        if (!DebianPackages.HasProgram(Package))
            throw new StemJepaException(
                $"{name}: the program {Package} is not installed here: apt-get install --no-install-recommends {Package}");
        string folder = Directory.CreateTempSubdirectory("stemjepa-mma-").FullName;
        try
        {
            string source = Path.Combine(folder, "song.mma"), midi = Path.Combine(folder, "song.mid");
            await File.WriteAllTextAsync(source, script, cancel);
            var output = new StringBuilder();
            CommandResult result = await Cli.Wrap(Package).WithArguments(["-w", "-xNOCREDIT", "-m", $"{MostBars}", source, "-f", midi])
                .WithWorkingDirectory(folder)
                .WithStandardOutputPipe(PipeTarget.ToStringBuilder(output)).WithStandardErrorPipe(PipeTarget.ToStringBuilder(output))
                .WithValidation(CommandResultValidation.None).ExecuteAsync(cancel);
            if (!result.IsSuccess || !File.Exists(midi))
            {
                string message = output.ToString().Trim().ReplaceLineEndings(" ");
                throw new StemJepaException(
                    $"{name}: mma failed with exit code {result.ExitCode} ({message}); a script that it accepts is needed.");
            }
            return MidiReader.Read(await File.ReadAllBytesAsync(midi, cancel), name);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
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
