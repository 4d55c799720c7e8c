using System.Globalization;
using System.Text;
using CliWrap;

namespace StemJepa.Training.Corpora;

/// <summary>Runs <c>csound</c>. The same score gives the same sound. Thread-safe: one process and one temporary folder per call.</summary>
internal static class Csound
{
    /// <summary>The program, and its Debian package.</summary>
    public const string Package = "csound";

    /// <summary>How often a score is tried: of a thousand runs, one was seen to end because a write to disk was cut short.</summary>
    private const int Attempts = 3;

    /// <summary>Plays a score.</summary>
    /// <param name="orchestra">Resource with the instruments, without their number of channels.</param>
    /// <param name="score">The score.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="seconds">Length.</param>
    /// <param name="name">Name of the song, for error messages.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>The channels, mono at 16 kHz each.</returns>
    /// <exception cref="StemJepaException">It is not installed, or fails.</exception>
    public static float[][] Render(string orchestra, string score, int channels, double seconds, string name, CancellationToken cancel)
    {
        if (!DebianPackages.HasProgram(Package))
            throw new StemJepaException(
                $"{name}: the program {Package} is not installed here: apt-get install --no-install-recommends {Package}");
        string folder = Directory.CreateTempSubdirectory("stemjepa-csound-").FullName;
        try
        {
            string file = Path.Combine(folder, "song.csd"), wave = Path.Combine(folder, "song.wav");
            File.WriteAllText(file, string.Create(CultureInfo.InvariantCulture,
                $"""
                <CsoundSynthesizer>
                <CsInstruments>
                nchnls = {channels}
                {Read(orchestra)}
                </CsInstruments>
                <CsScore>
                {score}e {seconds:0.###}
                </CsScore>
                </CsoundSynthesizer>

                """));
            string message = "";
            for (int attempt = 0; attempt < Attempts; attempt++)
            {
                if (Run(file, wave, cancel) is not { } failure) return Read(wave, channels);
                message = failure;
            }
            throw new StemJepaException($"{name}: {message}; a score that it accepts is needed.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Returns null, or what went wrong.</summary>
    private static string? Run(string file, string wave, CancellationToken cancel)
    {
        var output = new StringBuilder();
        CommandResult result = Cli.Wrap(Package).WithArguments(["-W", "-f", "-d", "-m0", "-o", wave, file])
            .WithWorkingDirectory(Path.GetDirectoryName(file)!)
            .WithStandardOutputPipe(PipeTarget.ToStringBuilder(output)).WithStandardErrorPipe(PipeTarget.ToStringBuilder(output))
            .WithValidation(CommandResultValidation.None).ExecuteAsync(cancel).Task.GetAwaiter().GetResult();
        return result.IsSuccess && File.Exists(wave) ? null
            : $"{Package} failed with exit code {result.ExitCode} ({output.ToString().Trim().ReplaceLineEndings(" ")})";
    }

    private static float[][] Read(string wave, int channels)
    {
        MultichannelClip clip = MultichannelClip.Load(wave);
        return [.. Enumerable.Range(0, channels)
            .Select(c => Resampler.Resample(clip.Channels[c].Span, clip.SampleRate, Fluidsynth.OutputRate))];
    }

    private static string Read(string resource)
    {
        using var reader = new StreamReader(typeof(Csound).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
