namespace StemJepa.Server.Work;

/// <summary>Reads a recording of <see cref="AudioFile"/> up to a length, and refuses a longer one. Owns the reader that it wraps.</summary>
internal sealed class LimitedReader(AudioReader inner, double maximumSeconds, string name) : AudioReader, IFrameReader
{
    private long _frames;

    public override int SampleRate => inner.SampleRate;

    public int Channels => ((IFrameReader)inner).Channels;

    /// <exception cref="RequestException">The recording is longer: status 413.</exception>
    public override int Read(Span<float> buffer) => Count(inner.Read(buffer));

    /// <inheritdoc cref="Read"/>
    public int ReadFrames(Span<float> interleaved) => Count(((IFrameReader)inner).ReadFrames(interleaved));

    public override void Dispose()
    {
        inner.Dispose();
        base.Dispose();
    }

    private int Count(int frames)
    {
        _frames += frames;
        return _frames <= maximumSeconds * inner.SampleRate
            ? frames
            : throw new RequestException(413, $"{name}: is longer than {maximumSeconds:0} s; give a shorter part of it.");
    }
}
