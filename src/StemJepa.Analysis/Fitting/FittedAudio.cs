using System.Numerics.Tensors;

namespace StemJepa;

/// <summary>How a fitted candidate is rendered. Immutable.</summary>
public sealed record FitRenderOptions
{
    /// <summary>
    /// The loudness of the candidate less that of the mix, in LU; null for what is usual for the stem, <see cref="UsualLevel"/>.
    /// </summary>
    public double? Level { get; init; }

    /// <summary>The most that users may ask for on top of that level, either way, in decibels.</summary>
    internal const int LargestGain = 60;

    /// <summary>Decibels on top of that level.</summary>
    public double GainDecibels { get; init; }

    /// <summary>
    /// Loudness of a stem less that of the other stems of its song, in LU: medians over songs of the training corpus, to half a LU; that of
    /// other for stems beyond <see cref="Stem.Roles"/>.
    /// </summary>
    public static double UsualLevel(Stem stem) => FitWeights.LevelOf(stem);
}

/// <summary>
/// A candidate that was stretched, transposed and made as loud as suits a mix. Its true peak is at most -1 dB. Immutable and thread-safe.
/// </summary>
public sealed class FittedAudio
{
    /// <summary>The highest true peak of what is rendered, in dB of full scale.</summary>
    public const double HighestPeak = -1;

    private const int BeatsOfBar = 4;

    /// <summary>Seconds of a fade where a recording is cut.</summary>
    private const double Fade = 0.005;

    private FittedAudio(StemFit fit, MultichannelClip audio, double gain) => (Fit, Audio, GainDecibels) = (fit, audio, gain);

    /// <summary>How it was fitted.</summary>
    public StemFit Fit { get; }

    /// <summary>
    /// The fitted candidate at its own rate with all its channels; its first sample belongs at <see cref="StemFit.Start"/> of the mix.
    /// </summary>
    public MultichannelClip Audio { get; }

    /// <summary>By how much it was made louder, in decibels.</summary>
    public double GainDecibels { get; }

    /// <summary>Renders a candidate as it was fitted.</summary>
    /// <param name="fit">How it fits.</param>
    /// <param name="mix">The mix.</param>
    /// <param name="candidate">The candidate.</param>
    /// <param name="options">How loud; null for what is usual.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static FittedAudio Render(StemFit fit, MultichannelClip mix, MultichannelClip candidate, FitRenderOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(mix);
        ArgumentNullException.ThrowIfNull(candidate);
        options ??= new FitRenderOptions();
        MultichannelClip fitted = TimeStretch.Apply(candidate, fit.TempoRatio, fit.Semitones, fit.Stem, cancellationToken);
        double wanted = Loudness.Integrated(mix) + (options.Level ?? FitRenderOptions.UsualLevel(fit.Stem));
        double gain = wanted - Loudness.Integrated(Spread(fitted, Math.Max(mix.Channels.Count, fitted.Channels.Count)));
        gain = Math.Min((double.IsFinite(gain) ? gain : 0) + options.GainDecibels, HighestPeak - Loudness.TruePeak(fitted));
        return new FittedAudio(fit, Scale(fitted, gain), gain);
    }

    /// <summary>
    /// Mixes the candidate under a mix, for as long as the mix lasts; a loop repeats from the mix's beginning to its end. Where the true
    /// peak would be beyond -1 dB, all of it is made quieter.
    /// </summary>
    /// <param name="mix">The mix; the result has its sample rate, and the more channels of both.</param>
    /// <param name="bars">
    /// Only so many bars, of four beats at the mix's tempo, from where the candidate begins; null for all of the mix.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">There is no bar.</exception>
    public MultichannelClip UnderMix(MultichannelClip mix, int? bars = null)
    {
        ArgumentNullException.ThrowIfNull(mix);
        if (bars is < 1)
            throw new ArgumentOutOfRangeException(nameof(bars), bars, "The number of bars is at least 1.");
        int channels = Math.Max(mix.Channels.Count, Audio.Channels.Count);
        MultichannelClip own = Spread(Audio.Resample(mix.SampleRate), channels), under = Spread(mix, channels);
        float[][] sums = [.. under.Channels.Select(channel => channel.ToArray())];
        foreach (double start in Starts(mix.Duration))
            Add(own, (int)Math.Round(start * mix.SampleRate), sums);
        var all = new MultichannelClip([.. sums], mix.SampleRate);
        if (bars is { } count)
            all = Cut(all, Fit.IsLoop ? 0 : Math.Max(0, Fit.Start.TotalSeconds), count * (BeatsOfBar * 60 / Fit.MixTempo));
        return Scale(all, Math.Min(0, HighestPeak - Loudness.TruePeak(all)));
    }

    /// <summary>Where the candidate begins, in seconds: once, or a loop again and again.</summary>
    private IEnumerable<double> Starts(TimeSpan mix)
    {
        double start = Fit.Start.TotalSeconds, length = (Fit.Period ?? Fit.Length).TotalSeconds;
        if (!Fit.IsLoop || length <= 0)
            return [start];
        double first = start - Math.Ceiling(start / length) * length;
        return Enumerable.Range(0, (int)Math.Ceiling((mix.TotalSeconds - first) / length)).Select(turn => first + turn * length);
    }

    private static void Add(MultichannelClip clip, int start, float[][] sums)
    {
        int from = Math.Max(0, -start), to = Math.Min(clip.Length, sums[0].Length - start);
        int fade = (int)(Fade * clip.SampleRate);
        for (int channel = 0; channel < sums.Length && to > from; channel++)
        {
            ReadOnlySpan<float> samples = clip.Channels[channel].Span;
            for (int i = from; i < to; i++)
            {
                float gain = Math.Min(from > 0 ? (float)(i - from) / fade : 1, to < clip.Length ? (float)(to - i) / fade : 1);
                sums[channel][start + i] += Math.Min(1, gain) * samples[i];
            }
        }
    }

    private static MultichannelClip Cut(MultichannelClip clip, double start, double seconds)
    {
        int from = Math.Min(clip.Length - 1, (int)(start * clip.SampleRate));
        int length = Math.Max(1, Math.Min(clip.Length - from, (int)(seconds * clip.SampleRate)));
        return new MultichannelClip(clip.Channels.Select(channel => channel.Slice(from, length)), clip.SampleRate);
    }

    /// <summary>Mono in every channel; where both have several, but not equally many, their mean.</summary>
    private static MultichannelClip Spread(MultichannelClip clip, int channels) => clip.Channels.Count == channels ? clip
        : new MultichannelClip(Enumerable.Repeat(clip.ToMono().Samples, channels), clip.SampleRate);

    private static MultichannelClip Scale(MultichannelClip clip, double decibels)
    {
        if (decibels == 0 || double.IsInfinity(decibels))
            return clip;
        float gain = (float)Decibels.ToRatio(decibels);
        return new MultichannelClip([.. clip.Channels.Select(channel =>
        {
            var scaled = new float[channel.Length];
            TensorPrimitives.Multiply(channel.Span, gain, scaled);
            return scaled;
        })], clip.SampleRate);
    }
}
