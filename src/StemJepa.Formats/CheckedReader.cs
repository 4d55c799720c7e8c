namespace StemJepa;

/// <summary>
/// Passes a recording on and refuses what cannot be embedded: no samples at all, or a sample that is not a finite number. Not thread-safe.
/// </summary>
/// <param name="source">The decoder; it is disposed of with this reader.</param>
/// <param name="name">The name of the recording in error messages.</param>
/// <param name="afterRead">Called after each successful read.</param>
internal sealed class CheckedReader(AudioReader source, string name, Action? afterRead) : AudioReader, IFrameReader
{
    private long _count;

    public override int SampleRate => source.SampleRate;

    public int Channels => Frames.Channels;

    private IFrameReader Frames => (IFrameReader)source;

    public override int Read(Span<float> buffer)
    {
        int read = source.Read(buffer);
        Check(buffer, read, 1);
        return read;
    }

    public int ReadFrames(Span<float> interleaved)
    {
        int channels = Channels, read = Frames.ReadFrames(interleaved);
        Check(interleaved, read, channels);
        return read;
    }

    private void Check(ReadOnlySpan<float> buffer, int frames, int channels)
    {
        for (int i = 0; i < frames * channels; i++)
        {
            if (!float.IsFinite(buffer[i]))
            {
                double time = (double)(_count + i / channels) / SampleRate;
                throw new StemJepaException($"{name}: the sample at {time:0.000} s is not a finite number; export the recording again.");
            }
        }
        _count += frames;
        if (_count == 0 && buffer.Length > 0)
            throw new StemJepaException($"{name}: holds no audio; export the recording again, with at least one sample.");
        afterRead?.Invoke();
    }

    public override void Dispose()
    {
        source.Dispose();
        base.Dispose();
    }
}
