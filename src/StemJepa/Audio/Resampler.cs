namespace StemJepa;

/// <summary>
/// A streaming band-limited sample-rate converter (polyphase, Kaiser-windowed sinc): flat within 0.1 dB to 95 % of the lower Nyquist
/// frequency, aliases and images at least 80 dB down. The filter's delay is compensated, so output sample 0 is at the time of input sample
/// 0; outside the recording the signal is taken as zero. The output is the same to the bit however the input is cut into blocks, and memory
/// does not grow with its length. One recording per instance; not thread-safe.
/// </summary>
public sealed class Resampler
{
    private const int BetweenSamples = 4096;

    private readonly PolyphaseStage? _decimator;
    private readonly PolyphaseStage _converter;
    private readonly float[] _between = [];
    private int _betweenStart;
    private int _betweenEnd;
    private long _consumedTotal;
    private long _writtenTotal;
    private long? _lengthTotal;

    /// <summary>Creates a converter between two rates.</summary>
    /// <param name="from">Input samples per second, 8000..192000.</param>
    /// <param name="to">Output samples per second, 8000..192000.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is out of range.</exception>
    public Resampler(int from, int to)
    {
        SampleRates.Check(from, nameof(from));
        SampleRates.Check(to, nameof(to));
        From = from;
        To = to;
        int decimation = CheapestDecimation(from, to);
        _converter = new PolyphaseStage(FilterDesign.Sharp(to * decimation, from));
        if (decimation == 1)
            return;
        _decimator = new PolyphaseStage(FilterDesign.Decimator(decimation, (double)to / from));
        _between = new float[BetweenSamples];
    }

    /// <summary>Input samples per second.</summary>
    public int From { get; }

    /// <summary>Output samples per second.</summary>
    public int To { get; }

    /// <summary>Converts a whole recording; the result has <see cref="OutputLength"/> samples.</summary>
    /// <param name="samples">The recording, mono.</param>
    /// <param name="from">Its samples per second, 8000..192000.</param>
    /// <param name="to">Samples per second of the result, 8000..192000.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is out of range.</exception>
    public static float[] Resample(ReadOnlySpan<float> samples, int from, int to)
    {
        var resampler = new Resampler(from, to);
        var output = new float[OutputLength(samples.Length, from, to)];
        int written = resampler.Process(samples, output, out _);
        resampler.Flush(output.AsSpan(written));
        return output;
    }

    /// <summary>How many samples <paramref name="inputLength"/> samples become: inputLength x to / from, rounded up.</summary>
    public static long OutputLength(long inputLength, int from, int to)
    {
        (long seconds, long rest) = Math.DivRem(inputLength, from);
        return seconds * to + (rest * to + from - 1) / from;
    }

    /// <summary>
    /// Takes input and writes the output that it completes, until the input is used up or the output is full. After a full output, call
    /// again with what is left of the input (it may be empty).
    /// </summary>
    /// <param name="input">The next samples of the recording.</param>
    /// <param name="output">Where the converted samples go, from its start.</param>
    /// <param name="consumed">How many input samples were taken.</param>
    /// <returns>How many output samples were written.</returns>
    /// <exception cref="InvalidOperationException"><see cref="Flush"/> was called before.</exception>
    public int Process(ReadOnlySpan<float> input, Span<float> output, out int consumed)
    {
        if (_lengthTotal is not null)
            throw new InvalidOperationException("The resampler was flushed; use a new one for another recording.");
        int written = _decimator is null
            ? _converter.Process(input, output, out consumed)
            : ProcessBoth(_decimator, input, output, out consumed);
        _consumedTotal += consumed;
        _writtenTotal += written;
        return written;
    }

    /// <summary>
    /// Writes what is left after the last input. Call until it returns fewer samples than <paramref name="output"/> holds.
    /// </summary>
    /// <returns>How many output samples were written.</returns>
    public int Flush(Span<float> output)
    {
        _lengthTotal ??= OutputLength(_consumedTotal, From, To);
        output = output[..(int)Math.Min(output.Length, _lengthTotal.Value - _writtenTotal)];
        int written = 0;
        Span<float> silence = stackalloc float[256];
        silence.Clear();
        while (written < output.Length)
        {
            written += _decimator is null
                ? _converter.Process(silence, output[written..], out _)
                : ProcessBoth(_decimator, silence, output[written..], out _);
        }
        _writtenTotal += written;
        return written;
    }

    /// <summary>Begins another recording.</summary>
    internal void Reset()
    {
        _converter.Reset();
        _decimator?.Reset();
        _betweenStart = _betweenEnd = 0;
        _consumedTotal = _writtenTotal = 0;
        _lengthTotal = null;
    }

    /// <summary>
    /// Decimating by a whole number with a short filter first makes the sharp filter proportionally shorter; the factor is the one with the
    /// fewest multiplications per second.
    /// </summary>
    private static int CheapestDecimation(int from, int to)
    {
        int best = 1;
        double least = double.MaxValue;
        for (int factor = 1; (long)factor * to < from || factor == 1; factor++)
        {
            double cost = (double)to * FilterDesign.Sharp(to * factor, from).Taps;
            if (factor > 1)
                cost += (double)from / factor * FilterDesign.Decimator(factor, (double)to / from).Taps;
            if (cost < least)
                (best, least) = (factor, cost);
        }
        return best;
    }

    private int ProcessBoth(PolyphaseStage first, ReadOnlySpan<float> input, Span<float> output, out int consumed)
    {
        consumed = 0;
        int written = 0;
        while (true)
        {
            written += _converter.Process(_between.AsSpan(_betweenStart, _betweenEnd - _betweenStart), output[written..], out int passed);
            _betweenStart += passed;
            if (_betweenStart < _betweenEnd || written == output.Length)
                return written;
            _betweenStart = 0;
            _betweenEnd = first.Process(input[consumed..], _between, out int taken);
            consumed += taken;
            if (_betweenEnd == 0)
                return written;
        }
    }
}
