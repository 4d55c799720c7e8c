namespace StemJepa;

/// <summary>
/// A streaming band-limited sample-rate converter (polyphase, Kaiser-windowed sinc): flat within 0.1 dB to 95 % of the lower Nyquist
/// frequency, aliases and images at least 80 dB down. The filter's delay is compensated, so output sample 0 is at the time of input sample 0;
/// outside the recording the signal is taken as zero. The output is the same to the bit however the input is cut into blocks, and memory
/// does not grow with its length. One recording per instance; not thread-safe.
/// </summary>
public sealed class Resampler
{
    private const int BlockSamples = 8192;
    private const int Grouped = 4;

    private readonly PolyphaseFilter filter;
    private readonly float[] window;
    private readonly int stepWhole;
    private readonly int stepFraction;
    private int filled;
    private int position;
    private int phase;
    private long consumedTotal;
    private long writtenTotal;
    private long? lengthTotal;

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
        filter = PolyphaseFilter.For(from, to);
        stepWhole = filter.Down / filter.Up;
        stepFraction = filter.Down % filter.Up;
        int group = filter.IsInterpolated ? BlockSamples : Grouped * filter.Down;
        window = new float[filter.Taps + group * ((BlockSamples + group - 1) / group)];
        filled = filter.Taps / 2 - 1;
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
    /// Takes input and writes the output that it completes, until the input is used up or the output is full. After a full output, call again
    /// with what is left of the input (it may be empty).
    /// </summary>
    /// <param name="input">The next samples of the recording.</param>
    /// <param name="output">Where the converted samples go, from its start.</param>
    /// <param name="consumed">How many input samples were taken.</param>
    /// <returns>How many output samples were written.</returns>
    /// <exception cref="InvalidOperationException"><see cref="Flush"/> was called before.</exception>
    public int Process(ReadOnlySpan<float> input, Span<float> output, out int consumed)
    {
        if (lengthTotal is not null)
            throw new InvalidOperationException("The resampler was flushed; use a new one for another recording.");
        consumed = 0;
        int written = Produce(output);
        while (consumed < input.Length && written < output.Length)
        {
            int count = Math.Min(input.Length - consumed, MakeRoom(input.Length - consumed));
            input.Slice(consumed, count).CopyTo(window.AsSpan(filled));
            filled += count;
            consumed += count;
            consumedTotal += count;
            written += Produce(output[written..]);
        }
        return written;
    }

    /// <summary>
    /// Writes what is left after the last input. Call until it returns fewer samples than <paramref name="output"/> holds.
    /// </summary>
    /// <returns>How many output samples were written.</returns>
    public int Flush(Span<float> output)
    {
        lengthTotal ??= OutputLength(consumedTotal, From, To);
        int wanted = (int)Math.Min(output.Length, lengthTotal.Value - writtenTotal);
        output = output[..wanted];
        int written = Produce(output);
        while (written < output.Length)
        {
            int count = MakeRoom(filter.Taps);
            window.AsSpan(filled, count).Clear();
            filled += count;
            written += Produce(output[written..]);
        }
        return written;
    }

    private int MakeRoom(int wanted)
    {
        if (window.Length - filled < wanted)
        {
            window.AsSpan(position, filled - position).CopyTo(window);
            filled -= position;
            position = 0;
        }
        return window.Length - filled;
    }

    private int Produce(Span<float> output)
    {
        long spare = filled - filter.Taps - position;
        if (spare < 0)
            return 0;
        long ready = ((spare + 1) * filter.Up - phase + filter.Down - 1) / filter.Down;
        int count = (int)Math.Min(ready, output.Length);
        output = output[..count];
        if (filter.IsInterpolated)
            ProduceInterpolated(output);
        else
            ProduceExact(output);
        writtenTotal += count;
        return count;
    }

    private void ProduceExact(Span<float> output)
    {
        int period = filter.Up;
        while (output.Length >= Grouped * period)
        {
            for (int i = 0; i < period; i++)
            {
                DotProduct.Four(filter.Row(phase), window.AsSpan(position), filter.Down, output[i..], period);
                Advance();
            }
            position += (Grouped - 1) * filter.Down;
            output = output[(Grouped * period)..];
        }
        foreach (ref float sample in output)
        {
            sample = DotProduct.One(filter.Row(phase), window.AsSpan(position));
            Advance();
        }
    }

    private void ProduceInterpolated(Span<float> output)
    {
        foreach (ref float sample in output)
        {
            (long row, long rest) = Math.DivRem((long)phase * filter.Phases, filter.Up);
            ReadOnlySpan<float> signal = window.AsSpan(position);
            float before = DotProduct.One(filter.Row((int)row), signal);
            float after = DotProduct.One(filter.Row((int)row + 1), signal);
            sample = before + (after - before) * ((float)rest / filter.Up);
            Advance();
        }
    }

    private void Advance()
    {
        position += stepWhole;
        phase += stepFraction;
        if (phase >= filter.Up)
        {
            phase -= filter.Up;
            position++;
        }
    }
}
