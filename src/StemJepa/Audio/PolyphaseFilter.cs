using System.Collections.Concurrent;

namespace StemJepa;

/// <summary>
/// The low-pass filter of a rate change by Up/Down, a Kaiser-windowed sinc split into its phases. When Up has too many phases for a table,
/// the filter is tabulated on a grid fine enough for linear interpolation to stay below the stop band. Immutable and thread-safe.
/// </summary>
internal sealed class PolyphaseFilter
{
    private const int MaxExactTable = 1 << 19;
    private const int InterpolationGrid = 512;
    private const int MaxCached = 8;

    private static readonly ConcurrentDictionary<FilterDesign, PolyphaseFilter> Cache = new();

    private readonly float[] table;

    private PolyphaseFilter(FilterDesign design)
    {
        Up = design.Up;
        Down = design.Down;
        Taps = DotProduct.RowMultiple * ((design.Taps + DotProduct.RowMultiple - 1) / DotProduct.RowMultiple);
        IsInterpolated = (long)Up * Taps > MaxExactTable;
        Phases = IsInterpolated ? (int)Math.Ceiling(InterpolationGrid * design.Cutoff) : Up;
        table = Tabulate(Phases, Taps, design.Cutoff);
    }

    /// <summary>Interpolation factor, coprime to <see cref="Down"/>.</summary>
    public int Up { get; }

    /// <summary>Decimation factor, coprime to <see cref="Up"/>.</summary>
    public int Down { get; }

    /// <summary>Input samples under the filter; a multiple of <see cref="DotProduct.RowMultiple"/>.</summary>
    public int Taps { get; }

    /// <summary>Tabulated phases between two input samples: Up, or the interpolation grid.</summary>
    public int Phases { get; }

    /// <summary>Whether a phase is interpolated between two rows.</summary>
    public bool IsInterpolated { get; }

    /// <summary>The filter of a design; recent ones are shared, since a table costs milliseconds.</summary>
    public static PolyphaseFilter For(in FilterDesign design)
    {
        if (Cache.TryGetValue(design, out PolyphaseFilter? filter))
            return filter;
        if (Cache.Count >= MaxCached)
            Cache.Clear();
        return Cache.GetOrAdd(design, static wanted => new PolyphaseFilter(wanted));
    }

    /// <summary>The coefficients of a phase in 0..Phases (the last one is the first, one sample later).</summary>
    public ReadOnlySpan<float> Row(int phase) => table.AsSpan(phase * Taps, Taps);

    private static float[] Tabulate(int phases, int taps, double cutoff)
    {
        double beta = 0.1102 * (FilterDesign.StopBandDecibels - 8.7);
        double peak = BesselI0(beta);
        int half = taps / 2;
        var table = new float[(phases + 1) * taps];
        var row = new double[taps];
        for (int phase = 0; phase <= phases; phase++)
        {
            double sum = 0;
            for (int tap = 0; tap < taps; tap++)
            {
                double time = (double)phase / phases + (half - 1 - tap);
                double edge = time / half;
                double window = BesselI0(beta * Math.Sqrt(Math.Max(0, 1 - edge * edge))) / peak;
                row[tap] = window * Sinc(cutoff * time);
                sum += row[tap];
            }
            Span<float> target = table.AsSpan(phase * taps, taps);
            for (int tap = 0; tap < taps; tap++)
                target[tap] = (float)(row[tap] / sum);
        }
        return table;
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
