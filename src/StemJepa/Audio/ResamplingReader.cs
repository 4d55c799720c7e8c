namespace StemJepa;

/// <summary>
/// Another reader at another sample rate, by <see cref="Resampler"/>; memory does not grow with the recording. Disposes the reader it
/// wraps. Not thread-safe.
/// </summary>
public sealed class ResamplingReader : AudioReader
{
    private AudioReader _source;
    private readonly Resampler? _resampler;
    private readonly float[] _block = [];
    private int _blockStart;
    private int _blockEnd;
    private bool _sourceEnded;

    /// <summary>Wraps a reader; one that has the wanted rate already is passed through unchanged.</summary>
    /// <param name="source">The reader to convert; from now on owned by this one.</param>
    /// <param name="sampleRate">Samples per second to deliver, 8000..192000.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is out of range.</exception>
    public ResamplingReader(AudioReader source, int sampleRate)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        SampleRate = sampleRate;
        if (source.SampleRate == sampleRate)
            return;
        _resampler = new Resampler(source.SampleRate, sampleRate);
        _block = new float[8192];
    }

    /// <inheritdoc/>
    public override int SampleRate { get; }

    /// <inheritdoc/>
    public override int Read(Span<float> buffer)
    {
        if (_resampler is null)
            return _source.Read(buffer);
        int written = 0;
        while (written < buffer.Length && !_sourceEnded)
        {
            if (_blockStart == _blockEnd)
            {
                _blockStart = 0;
                _blockEnd = _source.Read(_block);
                _sourceEnded = _blockEnd == 0;
            }
            written += _resampler.Process(_block.AsSpan(_blockStart, _blockEnd - _blockStart), buffer[written..], out int consumed);
            _blockStart += consumed;
        }
        return _sourceEnded ? written + _resampler.Flush(buffer[written..]) : written;
    }

    /// <summary>Begins another recording, of the same sample rate as the one before, which it no longer owns.</summary>
    internal void Restart(AudioReader next)
    {
        if (next.SampleRate != _source.SampleRate)
            throw new ArgumentException($"The recording has {next.SampleRate} samples per second, not {_source.SampleRate}.", nameof(next));
        _source = next;
        _blockStart = _blockEnd = 0;
        _sourceEnded = false;
        _resampler?.Reset();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _source.Dispose();
        base.Dispose();
    }
}
