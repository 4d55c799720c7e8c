namespace StemJepa.Training.Tests.Corpora;

/// <summary>
/// A test that reads the Groove MIDI Dataset: skipped where its zip file is not in the folder "shared" beside the repository.
/// </summary>
public sealed class FactWithGrooveMidiAttribute : FactAttribute
{
    public FactWithGrooveMidiAttribute() => Skip = File is null ? "shared/groove-midi.zip is not beside the repository" : null;

    public static string? File => SharedFiles.Find("groove-midi.zip");
}
