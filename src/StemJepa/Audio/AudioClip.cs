namespace StemJepa;

/// <summary>Mono audio in memory. Immutable and thread-safe, as long as nobody writes to the memory it was made from.</summary>
public sealed class AudioClip
{
    /// <summary>Wraps samples without copying them.</summary>
    /// <param name="samples">Mono samples, nominally in -1..1.</param>
    /// <param name="sampleRate">Samples per second, 8000..192000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sample rate is out of range.</exception>
    public AudioClip(ReadOnlyMemory<float> samples, int sampleRate)
    {
        SampleRates.Check(sampleRate, nameof(sampleRate));
        Samples = samples;
        SampleRate = sampleRate;
    }

    /// <summary>The samples, nominally in -1..1.</summary>
    public ReadOnlyMemory<float> Samples { get; }

    /// <summary>Samples per second.</summary>
    public int SampleRate { get; }

    /// <summary>How long the clip plays.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds((double)Samples.Length / SampleRate);

    /// <summary>Reads the clip from its beginning, at its own sample rate.</summary>
    public AudioReader OpenReader() => new ClipReader(this);

    /// <summary>The same audio at another sample rate (see <see cref="Resampler"/>); this clip itself when the rate is its own.</summary>
    /// <param name="sampleRate">Samples per second, 8000..192000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sample rate is out of range.</exception>
    public AudioClip Resample(int sampleRate)
    {
        SampleRates.Check(sampleRate, nameof(sampleRate));
        return sampleRate == SampleRate ? this : new AudioClip(Resampler.Resample(Samples.Span, SampleRate, sampleRate), sampleRate);
    }
}
