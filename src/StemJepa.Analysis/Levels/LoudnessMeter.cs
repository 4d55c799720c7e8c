namespace StemJepa;

/// <summary>
/// Measures <see cref="Loudness"/> of a recording that is given block by block; memory grows by 80 bytes per second. One recording, one
/// caller at a time.
/// </summary>
internal sealed class LoudnessMeter
{
    private const int StepsOfBlock = 4, StepsPerSecond = 10, ChannelsOfSurround = 6, LowFrequencyChannel = 3;
    private const double AbsoluteGate = -70, RelativeGate = -10, Offset = -0.691, SurroundWeight = 1.41;

    private readonly KWeighting[] _filters;
    private readonly double[] _weights;
    private readonly int _stepFrames;
    private readonly List<double> _steps = [];
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
        foreach (float sample in samples)
        {
            double weighted = _filters[0].Next(sample);
            Add(_weights[0] * weighted * weighted);
        }
    }

    /// <summary>Takes the next samples of all channels, equally many of each.</summary>
    public void Add(ReadOnlyMemory<float>[] channels)
    {
        const int blockFrames = 4096;
        var powers = new double[blockFrames];
        for (int start = 0; start < channels[0].Length; start += blockFrames)
        {
            int count = Math.Min(blockFrames, channels[0].Length - start);
            Array.Clear(powers);
            for (int channel = 0; channel < channels.Length; channel++)
            {
                ReadOnlySpan<float> samples = channels[channel].Span.Slice(start, count);
                KWeighting filter = _filters[channel];
                for (int i = 0; i < count; i++)
                {
                    double weighted = filter.Next(samples[i]);
                    powers[i] += _weights[channel] * weighted * weighted;
                }
            }
            for (int i = 0; i < count; i++)
                Add(powers[i]);
        }
    }

    private static double ToLoudness(double power) => Offset + 10 * Math.Log10(power);

    private void Add(double power)
    {
        _sum += power;
        if (++_filled < _stepFrames)
            return;
        _steps.Add(_sum / _stepFrames);
        (_sum, _filled) = (0, 0);
    }
}

/// <summary>
/// The K-weighting of one channel: a high shelf and a high pass. BS.1770 gives coefficients for 48 kHz; these are the analogue filters
/// behind them, so that every sample rate has the same curve.
/// </summary>
internal sealed class KWeighting
{
    private readonly Biquad _shelf, _highPass;

    public KWeighting(int sampleRate)
    {
        _shelf = Shelf(1681.974450955533, 3.999843853973347, 0.7071752369554196, sampleRate);
        _highPass = HighPass(38.13547087602444, 0.5003270373238773, sampleRate);
    }

    public double Next(double sample) => _highPass.Next(_shelf.Next(sample));

    private static Biquad Shelf(double hz, double decibels, double quality, int sampleRate)
    {
        double k = Math.Tan(Math.PI * hz / sampleRate), high = Decibels.ToRatio(decibels), middle = Math.Pow(high, 0.4996667741545416);
        double a0 = 1 + k / quality + k * k;
        return new Biquad((high + middle * k / quality + k * k) / a0, 2 * (k * k - high) / a0, (high - middle * k / quality + k * k) / a0,
            2 * (k * k - 1) / a0, (1 - k / quality + k * k) / a0);
    }

    private static Biquad HighPass(double hz, double quality, int sampleRate)
    {
        double k = Math.Tan(Math.PI * hz / sampleRate), a0 = 1 + k / quality + k * k;
        return new Biquad(1, -2, 1, 2 * (k * k - 1) / a0, (1 - k / quality + k * k) / a0);
    }

    private sealed class Biquad(double b0, double b1, double b2, double a1, double a2)
    {
        /// <summary>Under it a decaying state is zero, so that silence takes no denormal numbers.</summary>
        private const double Smallest = 1e-30;

        private double _first, _second;

        public double Next(double sample)
        {
            double output = b0 * sample + _first;
            _first = b1 * sample - a1 * output + _second;
            _second = b2 * sample - a2 * output;
            if (Math.Abs(_second) < Smallest)
                _second = 0;
            return output;
        }
    }
}
