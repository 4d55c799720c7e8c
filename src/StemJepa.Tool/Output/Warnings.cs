using StemJepa.Tool.Audio;

namespace StemJepa.Tool.Output;

/// <summary>What a command says on standard error about files that it could not take at their word.</summary>
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
