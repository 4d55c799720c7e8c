namespace StemJepa;

/// <summary>
/// One filter of a sample-rate conversion, running over a stream in constant memory. Its delay is compensated: before the first sample it
/// sees zeros. The output is the same to the bit however the input is cut. Not thread-safe.
/// </summary>
internal sealed class PolyphaseStage
{
    private const int BlockSamples = 8192;
    private const int Group = FilterKernel.Rows;

    private readonly PolyphaseFilter _filter;
    private readonly float[] _window;
    private readonly float[] _scratch;
    private readonly float[] _pending = new float[Group];
    private readonly int _periodOutput;
    private readonly int _periodInput;
    private int _pendingStart;
    private int _filled;
    private int _position;
    private int _phase;

    public PolyphaseStage(in FilterDesign design)
    {
        _filter = PolyphaseFilter.For(design);
        _scratch = new float[_filter.ScratchLength];
        int periods = _filter.Up % 4 == 0 ? 1 : _filter.Up % 2 == 0 ? 2 : Group;
        _periodOutput = periods * _filter.Up;
        _periodInput = periods * _filter.Down;
        int together = _filter.IsInterpolated ? BlockSamples : FilterKernel.Stretches * _periodInput;
        _window = new float[_filter.Span + together * ((BlockSamples + together - 1) / together)];
        Reset();
    }

    /// <summary>Begins another recording.</summary>
    public void Reset()
    {
        _pendingStart = Group;
        _position = _phase = 0;
        _filled = _filter.Taps / 2 - 1;
        _window.AsSpan(0, _filled).Clear();
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
            input.Slice(consumed, count).CopyTo(_window.AsSpan(_filled));
            _filled += count;
            consumed += count;
            written += Produce(output[written..]);
        }
        return written;
    }

    private int MakeRoom(int wanted)
    {
        if (_window.Length - _filled < wanted && _position > 0)
        {
            int start = Math.Min(_position, _filled);
            _window.AsSpan(start, _filled - start).CopyTo(_window);
            _filled -= start;
            _position -= start;
        }
        return _window.Length - _filled;
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
                ProduceGroups(_pending);
                _pendingStart = 0;
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
        int count = Math.Min(output.Length, Group - _pendingStart);
        _pending.AsSpan(_pendingStart, count).CopyTo(output);
        _pendingStart += count;
        return count;
    }

    private int GroupsReady()
    {
        long spare = _filled - _filter.Span - _position;
        return spare < 0 ? 0 : (int)(((spare + 1) * _filter.Up - _phase + (long)Group * _filter.Down - 1) / ((long)Group * _filter.Down));
    }

    private void ProduceGroups(Span<float> output)
    {
        while (!_filter.IsInterpolated && output.Length >= FilterKernel.Stretches * _periodOutput)
        {
            for (int i = 0; i < _periodOutput; i += Group)
            {
                ReadOnlySpan<float> signal = _window.AsSpan(_position);
                ReadOnlySpan<float> table = _filter.NextRows(ref _position, ref _phase, _scratch, out RowStarts starts);
                FilterKernel.Many(table, starts, _filter.Span, signal, _periodInput, output[i..], _periodOutput);
            }
            _position += (FilterKernel.Stretches - 1) * _periodInput;
            output = output[(FilterKernel.Stretches * _periodOutput)..];
        }
        for (; !output.IsEmpty; output = output[Group..])
        {
            ReadOnlySpan<float> signal = _window.AsSpan(_position);
            ReadOnlySpan<float> table = _filter.NextRows(ref _position, ref _phase, _scratch, out RowStarts starts);
            FilterKernel.One(table, starts, _filter.Span, signal, output);
        }
    }
}
