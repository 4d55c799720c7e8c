namespace StemJepa;

/// <summary>
/// The log-mel front end of Stem-JEPA (paper, section 3.1): its fixed sizes, and the two numbers that belong to a model, the mean and the
/// deviation by which log-mel values are normalised. Immutable and thread-safe.
/// </summary>
public sealed record FrontEndSettings
{
    /// <summary>Samples per second of the audio that is analysed.</summary>
    public const int SampleRate = 16000;

    /// <summary>Length of the transform and of its periodic Hann window, in samples.</summary>
    public const int FftSize = 400;

    /// <summary>Samples between the centres of neighbouring frames: 100 frames per second.</summary>
    public const int Hop = 160;

    internal const double FramesPerSecond = (double)SampleRate / Hop;

    /// <summary>Bins of the power spectrum, 0 Hz to <see cref="SampleRate"/>/2 in steps of 40 Hz.</summary>
    internal const int Bins = FftSize / 2 + 1;

    /// <summary>Mel bands (Slaney's scale, unit area).</summary>
    public const int MelBands = 80;

    /// <summary>Lower edge of the first mel band, in Hz.</summary>
    public const float MinFrequency = 50f;

    /// <summary>Upper edge of the last mel band, in Hz.</summary>
    public const float MaxFrequency = 8000f;

    /// <summary>Added to the mel power before the natural logarithm.</summary>
    public const float LogOffset = 1.1920929e-7f;

    /// <summary>Frames that one patch covers: spectrograms of a stream are padded to a multiple of it.</summary>
    internal const int PatchFrames = 16;

    private readonly float _mean = -9.453f;
    private readonly float _standardDeviation = 3.569f;

    /// <summary>Mean of the log-mel values of the corpus that the model was trained on, in nepers of power.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not finite.</exception>
    public float Mean
    {
        get => _mean;
        init => _mean = float.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Mean), value, "The mean of the log-mel values must be a finite number.");
    }

    /// <summary>Standard deviation of the same values; greater than 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not finite, or not greater than 0.</exception>
    public float StandardDeviation
    {
        get => _standardDeviation;
        init => _standardDeviation = float.IsFinite(value) && value > 0
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(StandardDeviation), value, "The standard deviation of the log-mel values must be finite and greater than 0.");
    }
}
