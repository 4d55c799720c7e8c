using System.Collections.Concurrent;
using System.Numerics;

namespace StemJepa;

/// <summary>
/// The low-pass filter of a rate change by Up/Down, a Kaiser-windowed sinc split into its phases. When Up has too many phases for a table,
/// the filter is tabulated on a grid fine enough for linear interpolation to stay below the stop band. Four outputs in a row are filtered
/// together over one <see cref="Span"/> of the signal, so each row is stored between zeros and read from an earlier place the later its
/// output is in the span. Immutable and thread-safe.
/// </summary>
internal sealed class PolyphaseFilter
{
    private const int MaxExactTable = 1 << 19;
    private const int InterpolationGrid = 512;
    private const int MaxCached = 24;

    private static readonly ConcurrentDictionary<FilterDesign, PolyphaseFilter> Cache = new();

    private readonly float[] _table;
    private readonly int _phases;
    private readonly int _lead;
    private readonly int _stride;
    private readonly int _stepWhole;
    private readonly int _stepFraction;

    private PolyphaseFilter(FilterDesign design)
    {
        Up = design.Up;
        Down = design.Down;
        (_stepWhole, _stepFraction) = Math.DivRem(Down, Up);
        Taps = design.Taps + (design.Taps & 1);
        _lead = ((FilterKernel.Rows - 1) * Down + Up - 1) / Up;
        Span = FilterKernel.RowMultiple * ((Taps + _lead + FilterKernel.RowMultiple - 1) / FilterKernel.RowMultiple);
        _stride = _lead + Span;
        IsInterpolated = (long)Up * _stride > MaxExactTable;
        _phases = IsInterpolated ? (int)Math.Ceiling(InterpolationGrid * design.Cutoff) : Up;
        _table = Tabulate(design.Cutoff);
    }

    /// <summary>Interpolation factor, coprime to <see cref="Down"/>.</summary>
    public int Up { get; }

    /// <summary>Decimation factor, coprime to <see cref="Up"/>.</summary>
    public int Down { get; }

    /// <summary>Input samples under the filter of one output; even.</summary>
    public int Taps { get; }

    /// <summary>Input samples under the filters of four outputs in a row.</summary>
    public int Span { get; }

    /// <summary>Whether rows are interpolated, and so need a table of their own.</summary>
    public bool IsInterpolated { get; }

    /// <summary>The length of the table that <see cref="NextRows"/> needs for interpolated rows.</summary>
    public int ScratchLength => IsInterpolated ? FilterKernel.Rows * _stride : 0;

    /// <summary>The filter of a design; recent ones are shared, since a table costs milliseconds.</summary>
    public static PolyphaseFilter For(in FilterDesign design)
    {
        if (Cache.TryGetValue(design, out PolyphaseFilter? filter))
            return filter;
        if (Cache.Count >= MaxCached)
            Cache.Clear();
        return Cache.GetOrAdd(design, static wanted => new PolyphaseFilter(wanted));
    }

    /// <summary>
    /// Finds the rows of the four outputs that follow one another from a place on, and moves it on to the output after them.
    /// </summary>
    /// <param name="position">The first output's place, in whole input samples.</param>
    /// <param name="phase">What lies between that and the output's time, in parts of 1/Up of a sample.</param>
    /// <param name="scratch">Room for <see cref="ScratchLength"/> coefficients.</param>
    /// <param name="starts">Where the rows begin in the returned table.</param>
    public ReadOnlySpan<float> NextRows(ref int position, ref int phase, Span<float> scratch, out RowStarts starts)
    {
        starts = default;
        int shift = 0;
        for (int row = 0; row < FilterKernel.Rows; row++)
        {
            int start = (IsInterpolated ? row : phase) * _stride;
            if (IsInterpolated)
                Interpolate(phase, scratch.Slice(start, _stride));
            starts[row] = start + _lead - shift;
            shift += _stepWhole;
            phase += _stepFraction;
            if (phase >= Up)
            {
                phase -= Up;
                shift++;
            }
        }
        position += shift;
        return IsInterpolated ? scratch : _table;
    }

    private void Interpolate(int phase, Span<float> row)
    {
        (long before, long rest) = Math.DivRem((long)phase * _phases, Up);
        ReadOnlySpan<float> first = _table.AsSpan((int)before * _stride, _stride);
        ReadOnlySpan<float> second = _table.AsSpan(((int)before + 1) * _stride, _stride);
        float part = (float)rest / Up;
        int i = 0;
        for (; i <= row.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var from = new Vector<float>(first[i..]);
            (from + (new Vector<float>(second[i..]) - from) * part).CopyTo(row[i..]);
        }
        for (; i < row.Length; i++)
            row[i] = first[i] + (second[i] - first[i]) * part;
    }

    private float[] Tabulate(double cutoff)
    {
        double beta = 0.1102 * (FilterDesign.StopBandDecibels - 8.7);
        double peak = BesselI0(beta);
        int half = Taps / 2;
        int rows = IsInterpolated ? _phases + 1 : _phases;
        var coefficients = new float[rows * _stride];
        var row = new double[Taps];
        for (int phase = 0; phase < rows; phase++)
        {
            double sum = 0;
            for (int tap = 0; tap < row.Length; tap++)
            {
                double time = (double)phase / _phases + (half - 1 - tap);
                double edge = time / half;
                double window = BesselI0(beta * Math.Sqrt(Math.Max(0, 1 - edge * edge))) / peak;
                row[tap] = window * Sinc(cutoff * time);
                sum += row[tap];
            }
            Span<float> target = coefficients.AsSpan(phase * _stride + _lead, Taps);
            for (int tap = 0; tap < row.Length; tap++)
                target[tap] = (float)(row[tap] / sum);
        }
        return coefficients;
    }

    private static double Sinc(double x) => x == 0 ? 1 : double.SinPi(x) / (Math.PI * x);

    private static double BesselI0(double x)
    {
        double quarterSquare = x * x / 4;
        double sum = 1;
        double term = 1;
        for (int k = 1; term > 1e-12 * sum; k++)
        {
            term *= quarterSquare / ((double)k * k);
            sum += term;
        }
        return sum;
    }
}
