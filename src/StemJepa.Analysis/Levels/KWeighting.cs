using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StemJepa;

/// <summary>
/// The K-weighting of one channel: a high shelf and a high pass. BS.1770 gives coefficients for 48 kHz; these are the analogue filters
/// behind them, so that every sample rate has the same curve. Eight samples are filtered at once: they and the filters' state before them
/// decide on the eight results and the state after them, linearly. One channel, one caller at a time.
/// </summary>
internal sealed class KWeighting
{
    private const int Together = 8, States = 4;

    /// <summary>Under it a decaying state is zero, so that silence takes no denormal numbers.</summary>
    private const double Smallest = 1e-30;

    private readonly Biquad _shelf, _highPass;

    /// <summary>The results for a one in each of the eight samples, then in each state.</summary>
    private readonly Vector512<double>[] _results = new Vector512<double>[Together + States];

    /// <summary>The states after these.</summary>
    private readonly Vector256<double>[] _statesAfter = new Vector256<double>[Together + States];

    private Vector256<double> _state;

    public KWeighting(int sampleRate)
    {
        _shelf = Shelf(1681.974450955533, 3.999843853973347, 0.7071752369554196, sampleRate);
        _highPass = HighPass(38.13547087602444, 0.5003270373238773, sampleRate);
        Span<double> results = stackalloc double[Together];
        for (int cause = 0; cause < Together + States; cause++)
        {
            _state = cause < Together ? default : Vector256<double>.Zero.WithElement(cause - Together, 1);
            for (int i = 0; i < Together; i++)
                results[i] = Next(i == cause ? 1 : 0);
            (_results[cause], _statesAfter[cause]) = (Vector512.Create<double>(results), _state);
        }
        _state = default;
    }

    /// <summary>Filters the next samples and adds the results' squares, weighted.</summary>
    /// <param name="samples">The next samples.</param>
    /// <param name="weight">What each square is multiplied by.</param>
    /// <param name="powers">What is added to, as long as <paramref name="samples"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddPowers(ReadOnlySpan<float> samples, double weight, Span<double> powers)
    {
        ReadOnlySpan<Vector512<double>> results = _results.AsSpan(0, Together + States);
        ReadOnlySpan<Vector256<double>> statesAfter = _statesAfter.AsSpan(0, Together + States);
        Vector256<double> state = _state;
        for (; samples.Length >= Together; samples = samples[Together..], powers = powers[Together..])
        {
            Vector512<double> result = default;
            Vector256<double> after = default;
            for (int i = 0; i < Together; i++)
            {
                double sample = samples[i];
                result = Vector512.FusedMultiplyAdd(Vector512.Create(sample), results[i], result);
                after = Vector256.FusedMultiplyAdd(Vector256.Create(sample), statesAfter[i], after);
            }
            for (int i = 0; i < States; i++)
            {
                double part = state[i];
                result = Vector512.FusedMultiplyAdd(Vector512.Create(part), results[Together + i], result);
                after = Vector256.FusedMultiplyAdd(Vector256.Create(part), statesAfter[Together + i], after);
            }
            (Vector512.Create<double>(powers) + weight * result * result).CopyTo(powers);
            state = Vector256.ConditionalSelect(Vector256.LessThan(Vector256.Abs(after), Vector256.Create(Smallest)), default, after);
        }
        _state = state;
        for (int i = 0; i < samples.Length; i++)
        {
            double result = Next(samples[i]);
            powers[i] += weight * result * result;
        }
    }

    private double Next(double sample)
    {
        double shelfFirst = _state[0], shelfSecond = _state[1], first = _state[2], second = _state[3];
        double result = _highPass.Next(_shelf.Next(sample, ref shelfFirst, ref shelfSecond), ref first, ref second);
        _state = Vector256.Create(shelfFirst, shelfSecond, first, second);
        return result;
    }

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

    private readonly record struct Biquad(double B0, double B1, double B2, double A1, double A2)
    {
        public double Next(double sample, ref double first, ref double second)
        {
            double result = B0 * sample + first;
            first = B1 * sample - A1 * result + second;
            second = B2 * sample - A2 * result;
            return result;
        }
    }
}
