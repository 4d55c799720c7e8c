using StemJepa.Training.Corpus.Rendering;
using StemJepa.Training.Corpus.Sources;

namespace StemJepa.Training.Tests.Corpus;

/// <summary>A test that renders: skipped where fluidsynth or its soundfonts are not installed.</summary>
public sealed class FactWithSynthesiserAttribute : FactAttribute
{
    public FactWithSynthesiserAttribute()
    {
        if (!DebianPackages.HasProgram("fluidsynth") || SoundFont.All.Any(s => !File.Exists(s.Path)))
            Skip = "fluidsynth, fluid-soundfont-gm or timgm6mb-soundfont is not installed";
    }
}
