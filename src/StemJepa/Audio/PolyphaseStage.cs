namespace StemJepa;

/// <summary>
/// One filter of a sample-rate conversion, running over a stream in constant memory. Its delay is compensated: before the first sample it
/// sees zeros. The output is the same to the bit however the input is cut. Not thread-safe.
/// </summary>
internal sealed class PolyphaseStage
{
    private const int BlockSamples = 8192;
    private const int Group = FilterKernel.Rows;

    private readonly PolyphaseFilter filter;
    private readonly float[] window;
    private readonly float[] scratch;
    private readonly float[] pending = new float[Group];
    private readonly int periodOutput;
    private readonly int periodInput;
    private int pendingStart;
    private int filled;
    private int position;
    private int phase;

    public PolyphaseStage(in FilterDesign design)
    {
        filter = PolyphaseFilter.For(design);
        scratch = new float[filter.ScratchLength];
        int periods = filter.Up % 4 == 0 ? 1 : filter.Up % 2 == 0 ? 2 : Group;
        periodOutput = periods * filter.Up;
        periodInput = periods * filter.Down;
        int together = filter.IsInterpolated ? BlockSamples : FilterKernel.Stretches * periodInput;
        window = new float[filter.Span + together * ((BlockSamples + together - 1) / together)];
        Reset();
    }

    /// <summary>Begins another recording.</summary>
    public void Reset()
    {
        pendingStart = Group;
        position = phase = 0;
        filled = filter.Taps / 2 - 1;
        window.AsSpan(0, filled).Clear();
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
        if (window.Length - filled < wanted && position > 0)
        {
            int start = Math.Min(position, filled);
            window.AsSpan(start, filled - start).CopyTo(window);
            filled -= start;
            position -= start;
        }
        return window.Length - filled;
    }

    /// <summary>
    /// Outputs come in groups of four, counted from the start of the recording, whatever is asked for; what does not fit waits.
    /// </summary>
    private int Produce(Span<float> output)
    {
        int written = TakePending(output);
        while (written < output.Length && GroupsReady() is > 0 and int ready)
        {
            int wanted = Math.Min(ready, (output.Length - written) / Group);
            if (wanted == 0)
            {
                ProduceGroups(pending);
                pendingStart = 0;
                written += TakePending(output[written..]);
                break;
            }
            ProduceGroups(output.Slice(written, wanted * Group));
            written += wanted * Group;
        }
        return written;
    }

    private int TakePending(Span<float> output)
    {
        int count = Math.Min(output.Length, Group - pendingStart);
        pending.AsSpan(pendingStart, count).CopyTo(output);
        pendingStart += count;
        return count;
    }

    private int GroupsReady()
    {
        long spare = filled - filter.Span - position;
        return spare < 0 ? 0 : (int)(((spare + 1) * filter.Up - phase + (long)Group * filter.Down - 1) / ((long)Group * filter.Down));
    }

    private void ProduceGroups(Span<float> output)
    {
        while (!filter.IsInterpolated && output.Length >= FilterKernel.Stretches * periodOutput)
        {
            for (int i = 0; i < periodOutput; i += Group)
            {
                ReadOnlySpan<float> signal = window.AsSpan(position);
                ReadOnlySpan<float> table = filter.NextRows(ref position, ref phase, scratch, out RowStarts starts);
                FilterKernel.Many(table, starts, filter.Span, signal, periodInput, output[i..], periodOutput);
            }
            position += (FilterKernel.Stretches - 1) * periodInput;
            output = output[(FilterKernel.Stretches * periodOutput)..];
        }
        for (; !output.IsEmpty; output = output[Group..])
        {
            ReadOnlySpan<float> signal = window.AsSpan(position);
            ReadOnlySpan<float> table = filter.NextRows(ref position, ref phase, scratch, out RowStarts starts);
            FilterKernel.One(table, starts, filter.Span, signal, output);
        }
    }
}
