using System.Globalization;

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
        DebianPackages.Require(Package, name);
        using var folder = new ProgramFolder();
        string file = folder.File("song.csd"), wave = folder.File("song.wav");
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
        for (int attempt = 1; ; attempt++)
        {
            (int exitCode, string output) =
                folder.RunAsync(Package, ["-W", "-f", "-d", "-m0", "-o", wave, file], cancel).GetAwaiter().GetResult();
            if (exitCode == 0 && File.Exists(wave))
                return Read(wave, channels);
            if (attempt == Attempts)
                throw new StemJepaException(
                    $"{name}: {Package} failed with exit code {exitCode} ({output}); a score that it accepts is needed.");
        }
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
