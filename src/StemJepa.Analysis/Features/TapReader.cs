namespace StemJepa;

/// <summary>
/// Passes another reader through, and copies every block to a sink. Does not dispose the reader it wraps. Not thread-safe.
/// </summary>
/// <param name="source">The reader.</param>
/// <param name="sink">Receives every block, in order.</param>
internal sealed class TapReader(AudioReader source, Action<ReadOnlySpan<float>> sink) : AudioReader
{
    /// <inheritdoc/>
    public override int SampleRate => source.SampleRate;

    /// <inheritdoc/>
    public override int Read(Span<float> buffer)
    {
        int read = source.Read(buffer);
        sink(buffer[..read]);
        return read;
    }
}
