namespace StemJepa.Training.Corpora;

/// <summary>Changes speed and pitch of recordings together, by resampling. Thread-safe.</summary>
internal static class Varispeed
{
    private const int RateStep = 250;

    /// <summary>
    /// Returns the sampling rate, in Hz, at which samples of 16 kHz sound <paramref name="semitones"/> higher. It is a multiple of 250 Hz,
    /// within 0.2 semitones, because such ratios resample fastest.
    /// </summary>
    public static int RateOf(int semitones) =>
        RateStep * (int)Math.Round(FrontEndSettings.SampleRate / (double)RateStep * Math.Pow(2, semitones / 12.0));

    /// <summary>Returns the factor by which a recording becomes faster.</summary>
    public static double SpeedOf(int semitones) => (double)RateOf(semitones) / FrontEndSettings.SampleRate;

    /// <summary>Returns the recording <paramref name="semitones"/> higher, at 16 kHz.</summary>
    public static AudioClip Play(AudioClip recording, int semitones) =>
        new AudioClip(recording.Resample(FrontEndSettings.SampleRate).Samples, RateOf(semitones)).Resample(FrontEndSettings.SampleRate);
}
