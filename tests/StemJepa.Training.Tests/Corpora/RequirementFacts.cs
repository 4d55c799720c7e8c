using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>A test that composes: skipped where mma, libfluidsynth or its soundfonts are not installed.</summary>
public sealed class FactWithMmaAttribute : FactAttribute
{
    public FactWithMmaAttribute() => Skip = Requirements.Missing(real: false, composed: true, testSet: true);
}

/// <summary>A test that renders: skipped where libfluidsynth or its soundfonts are not installed.</summary>
public sealed class FactWithSynthesiserAttribute : FactAttribute
{
    public FactWithSynthesiserAttribute() => Skip = Requirements.Missing(real: false, composed: false, testSet: true)
        ?? (DebianPackages.HasProgram("fluidsynth") ? null : "fluidsynth is not installed");
}
