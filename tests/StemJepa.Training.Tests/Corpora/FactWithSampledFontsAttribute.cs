using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>
/// A test that plays the soundfonts of real samples: skipped where they, libfluidsynth or the General MIDI soundfonts are missing.
/// </summary>
public sealed class FactWithSampledFontsAttribute : FactAttribute
{
    public FactWithSampledFontsAttribute() => Skip = Requirements.Missing(real: false, composed: false, testSet: false)
        ?? (Folder is null ? "shared/soundfonts is not beside the repository" : SampledFonts.HasAvl ? null
            : SampledFonts.AvlPackage + " is not installed");

    /// <summary>The folder with the soundfonts, beside the repository or one of the folders above it; null if there is none.</summary>
    public static string? Folder => SharedFiles.Find("soundfonts");
}
