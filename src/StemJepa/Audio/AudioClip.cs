namespace StemJepa;

/// <summary>Mono audio in memory. Immutable and thread-safe.</summary>
public sealed class AudioClip(ReadOnlyMemory<float> samples, int sampleRate)
{
    /// <summary>The samples, nominally in -1..1.</summary>
    public ReadOnlyMemory<float> Samples { get; } = samples;

    /// <summary>Samples per second.</summary>
    public int SampleRate { get; } = sampleRate;
}
