namespace StemJepa.Server.Work;

/// <summary>Reads a recording up to a length, and refuses a longer one. Owns the reader that it wraps.</summary>
internal sealed class LimitedReader(AudioReader inner, double maximumSeconds, string name) : AudioReader
{
    private long _samples;

    public override int SampleRate => inner.SampleRate;

    /// <exception cref="RequestException">The recording is longer: status 413.</exception>
    public override int Read(Span<float> buffer)
    {
        int read = inner.Read(buffer);
        _samples += read;
        return _samples <= maximumSeconds * inner.SampleRate
            ? read
            : throw new RequestException(413, $"{name}: is longer than {maximumSeconds:0} s; send a shorter part of it.");
    }

    public override void Dispose()
    {
        inner.Dispose();
        base.Dispose();
    }
}
