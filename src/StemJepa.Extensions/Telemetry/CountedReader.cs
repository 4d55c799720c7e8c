namespace StemJepa.Extensions;

/// <summary>Counts what is read of a recording. Does not dispose of it.</summary>
internal sealed class CountedReader(AudioReader inner) : AudioReader
{
    private long _samples;

    public override int SampleRate => inner.SampleRate;

    /// <summary>Seconds read so far.</summary>
    internal double Seconds => (double)Interlocked.Read(ref _samples) / SampleRate;

    public override int Read(Span<float> buffer)
    {
        int read = inner.Read(buffer);
        Interlocked.Add(ref _samples, read);
        return read;
    }
}
