namespace StemJepa.Training.Corpora;

/// <summary>Plays recordings faster and higher, or slower and lower, as a tape does. Thread-safe.</summary>
internal static class Varispeed
{
    private const int RateStep = 250;

    /// <summary>
    /// The rate that samples of 16 kHz are taken to have. In steps of 250 Hz, within 0.2 semitones, because such ratios resample fastest.
    /// </summary>
    public static int RateOf(int semitones) => RateStep * (int)Math.Round(FrontEndSettings.SampleRate / (double)RateStep * Math.Pow(2, semitones / 12.0));

    /// <summary>How many times faster a recording is played.</summary>
    public static double SpeedOf(int semitones) => (double)RateOf(semitones) / FrontEndSettings.SampleRate;

    /// <summary>A recording so many semitones higher, at 16 kHz.</summary>
    public static AudioClip Play(AudioClip recording, int semitones) =>
        new AudioClip(recording.Resample(FrontEndSettings.SampleRate).Samples, RateOf(semitones)).Resample(FrontEndSettings.SampleRate);
}
