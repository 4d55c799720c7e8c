using System.Numerics.Tensors;

namespace StemJepa;

/// <summary>
/// Measures <see cref="Loudness"/> of a recording that is given block by block; memory grows by 80 bytes per second. One recording, one
/// caller at a time.
/// </summary>
internal sealed class LoudnessMeter
{
    private const int FramesAtOnce = 4096, StepsOfBlock = 4, StepsPerSecond = 10, ChannelsOfSurround = 6, LowFrequencyChannel = 3;
    private const double AbsoluteGate = -70, RelativeGate = -10, Offset = -0.691, SurroundWeight = 1.41;

    private readonly KWeighting[] _filters;
    private readonly double[] _weights;
    private readonly int _stepFrames;
    private readonly List<double> _steps = [];
    private readonly double[] _powers = new double[FramesAtOnce];
    private double _sum;
    private int _filled;

    /// <summary>Begins a recording.</summary>
    public LoudnessMeter(int sampleRate, int channels)
    {
        _filters = [.. Enumerable.Range(0, channels).Select(_ => new KWeighting(sampleRate))];
        _weights = [.. Enumerable.Range(0, channels).Select(channel => channels != ChannelsOfSurround ? 1
            : channel < LowFrequencyChannel ? 1 : channel == LowFrequencyChannel ? 0 : SurroundWeight)];
        _stepFrames = (int)Math.Round((double)sampleRate / StepsPerSecond);
    }

    /// <summary>The loudness so far, in LUFS; negative infinity if no block of 400 ms is louder than -70 LUFS.</summary>
    public double Integrated
    {
        get
        {
            double[] blocks = [.. Enumerable.Range(0, Math.Max(0, _steps.Count - StepsOfBlock + 1))
                .Select(first => Enumerable.Range(first, StepsOfBlock).Sum(step => _steps[step]) / StepsOfBlock)
                .Where(power => ToLoudness(power) > AbsoluteGate)];
            double gate = blocks.Length == 0 ? 0 : ToLoudness(blocks.Average()) + RelativeGate;
            return ToLoudness(blocks.Where(power => ToLoudness(power) > gate).DefaultIfEmpty(0).Average());
        }
    }

    /// <summary>Takes the next mono samples.</summary>
    public void Add(ReadOnlySpan<float> samples)
    {
        for (; samples.Length > 0; samples = samples[Math.Min(samples.Length, FramesAtOnce)..])
        {
            int count = Math.Min(samples.Length, FramesAtOnce);
            Array.Clear(_powers);
            AddPowers(0, samples[..count]);
            AddSteps(_powers.AsSpan(0, count));
        }
    }

    /// <summary>Takes the next samples of all channels, equally many of each.</summary>
    public void Add(ReadOnlyMemory<float>[] channels)
    {
        for (int start = 0; start < channels[0].Length; start += FramesAtOnce)
        {
            int count = Math.Min(FramesAtOnce, channels[0].Length - start);
            Array.Clear(_powers);
            for (int channel = 0; channel < channels.Length; channel++)
                AddPowers(channel, channels[channel].Span.Slice(start, count));
            AddSteps(_powers.AsSpan(0, count));
        }
    }

    private static double ToLoudness(double power) => Offset + 10 * Math.Log10(power);

    private void AddPowers(int channel, ReadOnlySpan<float> samples) =>
        _filters[channel].AddPowers(samples, _weights[channel], _powers);

    private void AddSteps(ReadOnlySpan<double> powers)
    {
        while (powers.Length > 0)
        {
            int count = Math.Min(powers.Length, _stepFrames - _filled);
            _sum += TensorPrimitives.Sum(powers[..count]);
            _filled += count;
            powers = powers[count..];
            if (_filled < _stepFrames)
                continue;
            _steps.Add(_sum / _stepFrames);
            (_sum, _filled) = (0, 0);
        }
    }
}
