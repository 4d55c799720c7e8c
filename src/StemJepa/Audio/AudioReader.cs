namespace StemJepa;

/// <summary>
/// A mono stream of float samples, nominally in -1..1, read forward once: what long recordings come through, so that memory does not grow
/// with their length. Not thread-safe: one reader, one caller.
/// </summary>
public abstract class AudioReader : IDisposable
{
    /// <summary>Samples per second.</summary>
    public abstract int SampleRate { get; }

    /// <summary>
    /// Fills <paramref name="buffer"/> from the start with the next samples and returns how many were written; fewer than asked only at the
    /// end of the recording, and 0 after it.
    /// </summary>
    /// <exception cref="StemJepaException">The recording is damaged at this place.</exception>
    public abstract int Read(Span<float> buffer);

    /// <summary>Releases the underlying file or process.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}

/// <summary>The sample rates that the library takes.</summary>
internal static class SampleRates
{
    public const int Lowest = 8000;
    public const int Highest = 192000;

    public static bool IsSupported(long sampleRate) => sampleRate is >= Lowest and <= Highest;

    public static void Check(int sampleRate, string argument)
    {
        if (!IsSupported(sampleRate))
            throw new ArgumentOutOfRangeException(argument, sampleRate, $"Expected a sample rate of {Lowest} to {Highest} Hz.");
    }
}
