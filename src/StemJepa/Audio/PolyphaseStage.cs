namespace StemJepa;

/// <summary>
/// One filter of a sample-rate conversion, running over a stream in constant memory. Its delay is compensated: before the first sample it
/// sees zeros. The output is the same to the bit however the input is cut. Not thread-safe.
/// </summary>
internal sealed class PolyphaseStage
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

    public PolyphaseStage(in FilterDesign design)
    {
        filter = PolyphaseFilter.For(design);
        stepWhole = filter.Down / filter.Up;
        stepFraction = filter.Down % filter.Up;
        int group = filter.IsInterpolated ? BlockSamples : Grouped * filter.Down;
        window = new float[filter.Taps + group * ((BlockSamples + group - 1) / group)];
        filled = filter.Taps / 2 - 1;
    }

    /// <summary>Takes input and writes the output that it completes, until the input is used up or the output is full.</summary>
    /// <returns>How many output samples were written.</returns>
    public int Process(ReadOnlySpan<float> input, Span<float> output, out int consumed)
    {
        consumed = 0;
        int written = Produce(output);
        while (consumed < input.Length && written < output.Length)
        {
            int count = Math.Min(input.Length - consumed, MakeRoom(input.Length - consumed));
            input.Slice(consumed, count).CopyTo(window.AsSpan(filled));
            filled += count;
            consumed += count;
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
        output = output[..(int)Math.Min(ready, output.Length)];
        if (filter.IsInterpolated)
            ProduceInterpolated(output);
        else
            ProduceExact(output);
        return output.Length;
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
