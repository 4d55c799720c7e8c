namespace StemJepa;

/// <summary>The mean over time of a recording's patches, gathered window by window.</summary>
internal sealed class PatchMean(int width)
{
    private readonly double[] _sums = new double[ModelEncoder.FrequencyPatches * width];
    private long _count;

    /// <summary>Adds the patches of some windows, [windows, 5, <paramref name="timePatches"/>, width].</summary>
    internal void Add(ReadOnlySpan<float> patches, int timePatches)
    {
        int windows = patches.Length / (timePatches * _sums.Length);
        for (int window = 0; window < windows; window++)
        {
            for (int frequency = 0; frequency < ModelEncoder.FrequencyPatches; frequency++)
            {
                Span<double> sums = _sums.AsSpan(frequency * width, width);
                for (int time = 0; time < timePatches; time++)
                {
                    ReadOnlySpan<float> patch = patches[..width];
                    patches = patches[width..];
                    for (int i = 0; i < sums.Length; i++)
                        sums[i] += patch[i];
                }
            }
        }
        _count += (long)windows * timePatches;
    }

    /// <summary>Forgets what was added.</summary>
    internal void Clear()
    {
        Array.Clear(_sums);
        _count = 0;
    }

    /// <summary>The mean, frequency-major: index = frequency x width + channel.</summary>
    internal float[] ToVector()
    {
        var mean = new float[_sums.Length];
        for (int i = 0; i < mean.Length; i++)
            mean[i] = (float)(_sums[i] / _count);
        return mean;
    }
}
