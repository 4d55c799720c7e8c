namespace StemJepa;

/// <summary>Reads samples of 16 kHz after a silence.</summary>
internal sealed class DelayedReader(ReadOnlyMemory<float> samples, int silence) : AudioReader
{
    private int _position = -silence;

    /// <inheritdoc/>
    public override int SampleRate => FrontEndSettings.SampleRate;

    /// <inheritdoc/>
    public override int Read(Span<float> buffer)
    {
        int silent = Math.Clamp(-_position, 0, buffer.Length), from = Math.Max(0, _position), read = Math.Min(buffer.Length - silent, samples.Length - from);
        buffer[..silent].Clear();
        samples.Span.Slice(from, read).CopyTo(buffer[silent..]);
        _position += silent + read;
        return silent + read;
    }
}
