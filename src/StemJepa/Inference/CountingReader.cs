namespace StemJepa;

/// <summary>Counts what is read from another reader. Does not dispose it.</summary>
internal sealed class CountingReader(AudioReader source) : AudioReader
{
    /// <summary>Samples read so far.</summary>
    internal long Count { get; private set; }

    /// <inheritdoc/>
    public override int SampleRate => source.SampleRate;

    /// <inheritdoc/>
    public override int Read(Span<float> buffer)
    {
        int read = source.Read(buffer);
        Count += read;
        return read;
    }
}
