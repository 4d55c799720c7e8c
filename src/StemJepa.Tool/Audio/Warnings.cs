using StemJepa.Tool.Output;

namespace StemJepa.Tool.Audio;

/// <summary>Warnings on standard error about silent, overdriven and unusable files.</summary>
internal static class Warnings
{
    public static void WarnOfLevels(this Terminal terminal, IEnumerable<EmbeddedRecording> recordings)
    {
        foreach (EmbeddedRecording recording in recordings)
        {
            if (recording.Embedding.IsSilent)
                terminal.WarnOfSilent(recording.Path);
            if (recording.Embedding.IsBeyondFullScale)
                terminal.WarnOfOverdriven(recording.Path);
        }
    }

    public static void WarnOfSilent(this Terminal terminal, string path) => terminal.WriteWarningOnce(FitWarnings.Silent(path));

    public static void WarnOfFits(this Terminal terminal, string mix, IEnumerable<(string File, StemFit Fit)> fits)
    {
        foreach (string warning in FitWarnings.Find(mix, fits))
            terminal.WriteWarningOnce(warning);
    }

    public static void WarnOfOverdriven(this Terminal terminal, string path) => terminal.WriteWarning(
        $"{path} has samples far beyond full scale, such as integers that were never scaled to -1..1, so what is said of it means little; "
        + "export it again.");

    public static void WarnOfSkipped(this Terminal terminal, IEnumerable<SkippedFile> skipped)
    {
        foreach (SkippedFile file in skipped)
            terminal.WriteWarning($"skipped {file.File}: {WithoutPath(file)}");
    }

    /// <summary>Why a file was skipped, without its path in front.</summary>
    public static string WithoutPath(SkippedFile file)
    {
        string path = PlainText.Escape(file.File) + ": ";
        return file.Error.StartsWith(path, StringComparison.Ordinal) ? file.Error[path.Length..] : file.Error;
    }
}
