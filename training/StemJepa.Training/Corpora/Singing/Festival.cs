using System.Globalization;
using System.Text;

namespace StemJepa.Training.Corpora;

/// <summary>A phone that lasts so long, with the pitch at times from its start, in seconds and hertz.</summary>
internal sealed record SungSegment(string Phone, double Seconds, IReadOnlyList<(double Seconds, double Hertz)> Targets);

/// <summary>What a voice sings without a pause.</summary>
internal sealed record SungUtterance(SungVoice Voice, IReadOnlyList<SungSegment> Segments);

/// <summary>
/// Sings with Debian's <c>festival</c>: phones, durations and pitches are given, so that neither words nor its singing mode are read. One
/// process sings all utterances of a song, since starting takes 0.2 s and a minute of song 0.1 s. The same utterances give the same sound.
/// Thread-safe.
/// </summary>
internal static class Festival
{
    /// <summary>The program, and its package.</summary>
    public const string Program = "festival";

    /// <summary>The highest pitch that is sung; over 500 Hz it crashes, whatever the voice.</summary>
    public const double HighestHertz = 495;

    private const string Functions =
        """
        (define (sing file segments)
          (let ((utt (eval (list 'Utterance 'Segments segments))))
            (utt.synth utt)
            (utt.save.wave utt file 'riff)))

        """;

    /// <summary>The packages that are needed, and whether they are installed.</summary>
    public static IEnumerable<(string Package, bool IsInstalled)> Packages =>
        [(Program, DebianPackages.HasProgram(Program)), .. SungVoice.All.Select(v => (v.Package, v.IsInstalled))];

    /// <summary>Sings; each clip has its voice's sample rate and begins where its utterance does.</summary>
    /// <exception cref="StemJepaException">festival fails.</exception>
    public static async Task<IReadOnlyList<AudioClip>> SingAsync(IReadOnlyList<SungUtterance> utterances, CancellationToken cancel)
    {
        using var folder = new ProgramFolder();
        string script = folder.File("song.scm");
        await File.WriteAllTextAsync(script, Script(utterances, folder), Encoding.ASCII, cancel);
        (int exitCode, string output) = await folder.RunAsync(Program, ["-b", script], cancel);
        int missing = Enumerable.Range(0, utterances.Count).FirstOrDefault(i => !File.Exists(WaveOf(folder, i)), -1);
        if (exitCode != 0 || missing >= 0)
            throw new StemJepaException(
                $"{Program} -b: sang {(missing < 0 ? utterances.Count : missing)} of {utterances.Count} phrases and ended with "
                + $"{exitCode} ({output}); a working installation is needed.");
        return [.. Enumerable.Range(0, utterances.Count).Select(i => AudioClip.Load(WaveOf(folder, i)))];
    }

    private static string WaveOf(ProgramFolder folder, int index) =>
        folder.File(string.Create(CultureInfo.InvariantCulture, $"{index}.wav"));

    private static string Script(IReadOnlyList<SungUtterance> utterances, ProgramFolder folder)
    {
        var script = new StringBuilder(Functions);
        foreach ((int index, SungUtterance utterance) in utterances.Index().OrderBy(u => u.Item.Voice.Name, StringComparer.Ordinal))
        {
            script.Append(CultureInfo.InvariantCulture, $"(voice_{utterance.Voice.Name})\n(sing \"{WaveOf(folder, index)}\" '(");
            foreach (SungSegment segment in utterance.Segments)
            {
                script.Append(CultureInfo.InvariantCulture, $"({segment.Phone} {segment.Seconds:0.00000}");
                foreach ((double seconds, double hertz) in segment.Targets)
                    script.Append(CultureInfo.InvariantCulture, $" ({seconds:0.0000} {hertz:0.000})");
                script.Append(")\n");
            }
            script.Append("))\n");
        }
        return script.ToString();
    }
}
