namespace StemJepa;

/// <summary>
/// Changes tempo and pitch of a recording, each without the other: by a phase vocoder that keeps attacks as they are and rotates the
/// phases of all channels alike, so that the stereo image holds; pitch by a stretch and <see cref="Resampler"/>. Thread-safe.
/// </summary>
public static class TimeStretch
{
    /// <summary>The largest change of the length, either way.</summary>
    private const double Slowest = 0.5, Fastest = 2;

    /// <summary>Largest transposition, an octave.</summary>
    private const int MostSemitones = 12;

    /// <summary>
    /// Plays <paramref name="clip"/> at another tempo and pitch. At a tempo of 1 and 0 semitones the result is the clip itself, to the bit;
    /// else it has length / tempo samples, rounded, and a time t of the clip is at t / tempo.
    /// </summary>
    /// <param name="clip">The recording, any number of channels.</param>
    /// <param name="tempo">New tempo / old tempo, 0.5..2.</param>
    /// <param name="semitones">Transposition, -12..12.</param>
    /// <param name="stem">What it is: drums have short windows, bass has long ones. Null: as other.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentOutOfRangeException">Tempo or transposition is out of range.</exception>
    public static MultichannelClip Apply(MultichannelClip clip, double tempo, int semitones = 0, Stem? stem = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(clip);
        if (!(tempo is >= Slowest and <= Fastest))
            throw new ArgumentOutOfRangeException(nameof(tempo), tempo, $"The tempo is {Slowest} to {Fastest} times the old one.");
        if (semitones is < -MostSemitones or > MostSemitones)
            throw new ArgumentOutOfRangeException(nameof(semitones), semitones,
                $"The transposition is -{MostSemitones} to {MostSemitones}.");
        if ((tempo == 1 && semitones == 0) || clip.Length == 0)
            return clip;
        var pitch = PitchRatio.FromSemitones(semitones);
        int length = (int)Math.Round(clip.Length / tempo), stretched = (int)Math.Round(length * pitch.Value);
        ReadOnlyMemory<float>[] channels = [.. clip.Channels];
        float[][] slow = PhaseVocoder.For(stem, clip.SampleRate).Stretch(channels, Math.Max(1, stretched), cancellationToken);
        return new MultichannelClip([.. slow.Select(channel => pitch.Raise(channel, length))], clip.SampleRate);
    }

    /// <inheritdoc cref="Apply(MultichannelClip, double, int, Stem?, CancellationToken)"/>
    public static AudioClip Apply(AudioClip clip, double tempo, int semitones = 0, Stem? stem = null,
        CancellationToken cancellationToken = default) =>
        Apply(MultichannelClip.FromClip(clip), tempo, semitones, stem, cancellationToken).ToMono();
}

/// <summary>A ratio of frequencies as whole numbers, for the resampler: the smallest that are within 0.1 cents.</summary>
internal readonly record struct PitchRatio(int Numerator, int Denominator)
{
    /// <summary>0.1 cents.</summary>
    private const double Tolerance = 6e-5;

    public double Value => (double)Numerator / Denominator;

    public static PitchRatio FromSemitones(int semitones)
    {
        double wanted = Math.Pow(2, semitones / 12.0);
        for (int denominator = 1; ; denominator++)
        {
            int numerator = (int)Math.Round(wanted * denominator);
            if (Math.Abs((double)numerator / denominator / wanted - 1) < Tolerance)
                return new PitchRatio(numerator, denominator);
        }
    }

    /// <summary>Plays samples faster by the ratio; what is missing at the end for a length is zero.</summary>
    public float[] Raise(float[] samples, int length)
    {
        if (Numerator != Denominator)
        {
            int scale = (int)Math.Ceiling((double)SampleRates.Lowest / Math.Min(Numerator, Denominator));
            samples = Resampler.Resample(samples, Numerator * scale, Denominator * scale);
        }
        Array.Resize(ref samples, length);
        return samples;
    }
}
