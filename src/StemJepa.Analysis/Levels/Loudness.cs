namespace StemJepa;

/// <summary>
/// Integrated loudness after ITU-R BS.1770-4: K-weighting, blocks of 400 ms every 100 ms, gates at -70 LUFS and 10 LU under the mean of
/// what passes it. A sine of 997 Hz at full scale in one channel has -3.01 LUFS. Thread-safe.
/// </summary>
public static class Loudness
{
    /// <summary>Computes the integrated loudness in LUFS; negative infinity if no block of 400 ms is louder than -70 LUFS.</summary>
    /// <remarks>
    /// One channel counts once: mono that is to be played by two loudspeakers is 3 dB louder than this. Of six channels the fourth (low
    /// frequency effects) is left out and the last two (surround) count 1.5 dB more.
    /// </remarks>
    /// <param name="clip">The recording.</param>
    public static double Integrated(MultichannelClip clip)
    {
        ArgumentNullException.ThrowIfNull(clip);
        var meter = new LoudnessMeter(clip.SampleRate, clip.Channels.Count);
        meter.Add([.. clip.Channels]);
        return meter.Integrated;
    }

    /// <inheritdoc cref="Integrated(MultichannelClip)"/>
    public static double Integrated(AudioClip clip) => Integrated(MultichannelClip.FromClip(clip));

    /// <summary>
    /// Computes the true peak in dB of full scale (dBTP): of the signal between the samples, after Annex 2 of BS.1770, oversampled to four
    /// times its rate; negative infinity for silence.
    /// </summary>
    /// <param name="clip">The recording.</param>
    public static double TruePeak(MultichannelClip clip)
    {
        ArgumentNullException.ThrowIfNull(clip);
        return Decibels.FromRatio(clip.Channels.Max(channel => TruePeakMeter.Measure(channel.Span)));
    }
}

/// <summary>Ratios of amplitudes as decibels.</summary>
internal static class Decibels
{
    public static double FromRatio(double ratio) => 20 * Math.Log10(ratio);

    public static double ToRatio(double decibels) => Math.Pow(10, decibels / 20);
}
