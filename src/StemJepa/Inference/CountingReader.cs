namespace StemJepa;

/// <summary>Counts what is read from another reader, one after another. Does not dispose it.</summary>
internal sealed class CountingReader(AudioReader source) : AudioReader
{
    private AudioReader? _source = source;

    /// <summary>Samples read so far from the present reader.</summary>
    internal long Count { get; private set; }

    /// <inheritdoc/>
    public override int SampleRate { get; } = source.SampleRate;

    /// <inheritdoc/>
    public override int Read(Span<float> buffer)
    {
        int read = _source!.Read(buffer);
        Count += read;
        return read;
    }

    /// <summary>Begins to count what is read from another reader of the same sample rate.</summary>
    internal void Restart(AudioReader next)
    {
        _source = next;
        Count = 0;
    }

    /// <summary>Lets go of the reader.</summary>
    internal void Release() => _source = null;
}
