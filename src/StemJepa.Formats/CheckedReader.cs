namespace StemJepa;

/// <summary>
/// Passes a recording on and refuses what cannot be embedded: no samples at all, or a sample that is not a finite number. Not thread-safe.
/// </summary>
/// <param name="source">The decoder; it is disposed of with this reader.</param>
/// <param name="name">The name of the recording in error messages.</param>
/// <param name="afterRead">Called after each successful read.</param>
internal sealed class CheckedReader(AudioReader source, string name, Action? afterRead) : AudioReader
{
    private long _count;

    public override int SampleRate => source.SampleRate;

    public override int Read(Span<float> buffer)
    {
        int read = source.Read(buffer);
        for (int i = 0; i < read; i++)
        {
            if (!float.IsFinite(buffer[i]))
            {
                double time = (double)(_count + i) / SampleRate;
                throw new StemJepaException($"{name}: the sample at {time:0.000} s is not a finite number; export the recording again.");
            }
        }
        _count += read;
        if (_count == 0 && buffer.Length > 0)
            throw new StemJepaException($"{name}: holds no audio; export the recording again, with at least one sample.");
        afterRead?.Invoke();
        return read;
    }

    public override void Dispose()
    {
        source.Dispose();
        base.Dispose();
    }
}
