namespace StemJepa;

/// <summary>
/// Another reader at another sample rate, by <see cref="Resampler"/>; memory does not grow with the recording. Disposes the reader it wraps.
/// Not thread-safe.
/// </summary>
public sealed class ResamplingReader : AudioReader
{
    private AudioReader source;
    private readonly Resampler? resampler;
    private readonly float[] block = [];
    private int blockStart;
    private int blockEnd;
    private bool sourceEnded;

    /// <summary>Wraps a reader; one that has the wanted rate already is passed through unchanged.</summary>
    /// <param name="source">The reader to convert; from now on owned by this one.</param>
    /// <param name="sampleRate">Samples per second to deliver, 8000..192000.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is out of range.</exception>
    public ResamplingReader(AudioReader source, int sampleRate)
    {
        ArgumentNullException.ThrowIfNull(source);
        this.source = source;
        SampleRate = sampleRate;
        if (source.SampleRate == sampleRate)
            return;
        resampler = new Resampler(source.SampleRate, sampleRate);
        block = new float[8192];
    }

    /// <inheritdoc/>
    public override int SampleRate { get; }

    /// <inheritdoc/>
    public override int Read(Span<float> buffer)
    {
        if (resampler is null)
            return source.Read(buffer);
        int written = 0;
        while (written < buffer.Length && !sourceEnded)
        {
            if (blockStart == blockEnd)
            {
                blockStart = 0;
                blockEnd = source.Read(block);
                sourceEnded = blockEnd == 0;
            }
            written += resampler.Process(block.AsSpan(blockStart, blockEnd - blockStart), buffer[written..], out int consumed);
            blockStart += consumed;
        }
        return sourceEnded ? written + resampler.Flush(buffer[written..]) : written;
    }

    /// <summary>Begins another recording, of the same sample rate as the one before, which it no longer owns.</summary>
    internal void Restart(AudioReader next)
    {
        if (next.SampleRate != source.SampleRate)
            throw new ArgumentException($"The recording has {next.SampleRate} samples per second, not {source.SampleRate}.", nameof(next));
        source = next;
        blockStart = blockEnd = 0;
        sourceEnded = false;
        resampler?.Reset();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        source.Dispose();
        base.Dispose();
    }
}
