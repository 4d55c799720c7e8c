namespace StemJepa.Tests;

/// <summary>A recording that a formula makes, handed out in blocks of odd sizes.</summary>
internal sealed class SyntheticReader(long length, Func<long, float> sample, int[] blockSizes, int sampleRate = 16000) : AudioReader
{
    private long _position;
    private int _block;

    public SyntheticReader(float[] samples, params int[] blockSizes) : this(samples.Length, i => samples[i], blockSizes) { }

    public override int SampleRate => sampleRate;

    /// <summary>The largest buffer that a caller asked to have filled.</summary>
    public int LargestRequest { get; private set; }

    public override int Read(Span<float> buffer)
    {
        LargestRequest = Math.Max(LargestRequest, buffer.Length);
        int limit = blockSizes.Length == 0 ? int.MaxValue : blockSizes[_block++ % blockSizes.Length];
        int count = (int)Math.Min(Math.Min(buffer.Length, limit), length - _position);
        for (int i = 0; i < count; i++)
            buffer[i] = sample(_position + i);
        _position += count;
        return count;
    }
}
