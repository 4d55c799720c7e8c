namespace StemJepa;

/// <summary>Reads another reader, and shows somebody what was read. Does not dispose of the reader it wraps. Not thread-safe.</summary>
/// <param name="source">The reader.</param>
/// <param name="listener">Told every block, in order.</param>
internal sealed class ListeningReader(AudioReader source, Action<ReadOnlySpan<float>> listener) : AudioReader
{
    /// <inheritdoc/>
    public override int SampleRate => source.SampleRate;

    /// <inheritdoc/>
    public override int Read(Span<float> buffer)
    {
        int read = source.Read(buffer);
        listener(buffer[..read]);
        return read;
    }
}
