using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>A test that sings: skipped where festival, its voices, libfluidsynth or its soundfonts are not installed.</summary>
public sealed class FactWithFestivalAttribute : FactAttribute
{
    public FactWithFestivalAttribute() => Skip = Requirements.Missing(real: false, composed: false, testSet: false, sung: true);
}

/// <summary>A test that sings with the words of speakers: skipped where their recordings, or ffmpeg, are not installed.</summary>
public sealed class FactWithSpeakersAttribute : FactAttribute
{
    public FactWithSpeakersAttribute() => Skip = Requirements.Missing(real: false, composed: false, testSet: false, spoken: true);
}
