using StemJepa.Tool.Output;

namespace StemJepa.Tool.Audio;

/// <summary>Warnings on standard error about silent and unusable files.</summary>
internal static class Warnings
{
    public static void WarnOfSilence(this Terminal terminal, IEnumerable<EmbeddedRecording> recordings)
    {
        foreach (EmbeddedRecording recording in recordings.Where(recording => recording.Embedding.IsSilent))
            terminal.WriteWarning($"{recording.Path} is silent, so what is said of it means nothing.");
    }

    public static void WarnOfSkipped(this Terminal terminal, IEnumerable<SkippedFile> skipped)
    {
        foreach (SkippedFile file in skipped)
            terminal.WriteWarning($"skipped {file.File}: {WithoutPath(file)}");
    }

    private static string WithoutPath(SkippedFile file) =>
        file.Error.StartsWith(file.File + ": ", StringComparison.Ordinal) ? file.Error[(file.File.Length + 2)..] : file.Error;
}
