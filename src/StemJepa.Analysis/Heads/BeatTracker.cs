using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace StemJepa;

/// <summary>
/// Tempo and beats from an onset strength, after Ellis, "Beat Tracking by Dynamic Programming" (2007): the tempo is the best lag of the
/// autocorrelation, weighted towards 120 BPM; the beats are the sequence that meets the most onset strength at nearly that distance.
/// </summary>
internal static class BeatTracker
{
    private const double PreferredTempo = 120, SlowestTempo = 40, FastestTempo = 240;

    /// <summary>Width of the preference for <see cref="PreferredTempo"/>, in octaves.</summary>
    private const double PreferenceOctaves = 1;

    /// <summary>Cost of a squared deviation in the logarithm of the beat's length, against an onset strength of unit deviation.</summary>
    private const double Tightness = 100;

    /// <summary>Frames from one beat to the next; that of 120 BPM when there is no onset.</summary>
    /// <param name="onsets">Onset strength, 100 frames per second.</param>
    public static double Period(ReadOnlySpan<float> onsets)
    {
        int shortest = LagOf(FastestTempo), longest = Math.Min(LagOf(SlowestTempo), onsets.Length - 2);
        double preferred = LagOf(PreferredTempo);
        float[] centred = Centred(onsets);
        double Strength(int lag)
        {
            double octaves = Math.Log2(lag / preferred) / PreferenceOctaves;
            return Math.Exp(-0.5 * octaves * octaves) * TensorPrimitives.Dot<float>(centred.AsSpan(lag),
                centred.AsSpan(0, centred.Length - lag));
        }
        int best = 0;
        double strongest = 0;
        for (int lag = shortest; lag <= longest; lag++)
        {
            double strength = Strength(lag);
            if (strength > strongest)
                (best, strongest) = (lag, strength);
        }
        return best == 0 ? preferred : best + Vertex(Strength(best - 1), strongest, Strength(best + 1));
    }

    /// <summary>The frames of the beats, ascending. They begin where nothing before is worth its cost.</summary>
    /// <param name="onsets">Onset strength, 100 frames per second.</param>
    /// <param name="period">Frames of a beat, from <see cref="Period"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static int[] Beats(ReadOnlySpan<float> onsets, double period, CancellationToken cancellationToken = default)
    {
        if (onsets.Length == 0)
            return [];
        float[] local = LocalScore(onsets, period);
        int nearest = Math.Max(1, (int)Math.Round(period / 2)), farthest = (int)Math.Round(2 * period);
        double[] costs =
            [.. Enumerable.Range(nearest, farthest - nearest + 1).Select(gap => Tightness * Math.Pow(Math.Log(gap / period), 2))];
        var backwards = new double[local.Length];
        ReadOnlySpan<double> Before(int frame) => backwards.AsSpan(Math.Min(backwards.Length, backwards.Length - 1 - frame + nearest));
        for (int frame = 0; frame < local.Length; frame++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            backwards[^(frame + 1)] = local[frame] + Best(Before(frame), costs);
        }
        var beats = new List<int>();
        for (int frame = Last(backwards, (int)Math.Ceiling(period)), gap; frame >= 0; frame = gap < 0 ? -1 : frame - nearest - gap)
        {
            beats.Add(frame);
            gap = BestGap(Before(frame), costs);
        }
        beats.Reverse();
        return [.. beats];
    }

    /// <summary>The most that a score is over its cost; 0 if none is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Best(ReadOnlySpan<double> scores, ReadOnlySpan<double> costs)
    {
        int count = Math.Min(scores.Length, costs.Length), i = 0;
        var most = Vector<double>.Zero;
        for (; i + Vector<double>.Count <= count; i += Vector<double>.Count)
            most = Vector.Max(most, new Vector<double>(scores[i..]) - new Vector<double>(costs[i..]));
        double best = 0;
        for (int lane = 0; lane < Vector<double>.Count; lane++)
            best = Math.Max(best, most[lane]);
        for (; i < count; i++)
            best = Math.Max(best, scores[i] - costs[i]);
        return best;
    }

    /// <summary>Where that score is; -1 if none is over its cost.</summary>
    private static int BestGap(ReadOnlySpan<double> scores, ReadOnlySpan<double> costs)
    {
        (int gap, double best) = (-1, 0);
        for (int i = 0; i < Math.Min(scores.Length, costs.Length); i++)
        {
            if (scores[i] - costs[i] > best)
                (gap, best) = (i, scores[i] - costs[i]);
        }
        return gap;
    }

    /// <summary>The last beat: the best of the last frames.</summary>
    private static int Last(double[] backwards, int frames)
    {
        int first = Math.Max(0, backwards.Length - frames), best = first;
        for (int frame = first + 1; frame < backwards.Length; frame++)
        {
            if (backwards[^(frame + 1)] > backwards[^(best + 1)])
                best = frame;
        }
        return best;
    }

    private static float[] Centred(ReadOnlySpan<float> values)
    {
        var centred = new float[values.Length];
        TensorPrimitives.Subtract(values, values.Length == 0 ? 0 : TensorPrimitives.Sum(values) / values.Length, centred);
        return centred;
    }

    private static int LagOf(double tempo) => (int)Math.Round(60 * FrontEndSettings.FramesPerSecond / tempo);

    /// <summary>Where, between -1 and 1, the parabola through three values at -1, 0 and 1 peaks.</summary>
    private static double Vertex(double before, double at, double after)
    {
        double curvature = before - 2 * at + after;
        return curvature >= 0 ? 0 : Math.Clamp(0.5 * (before - after) / curvature, -1, 1);
    }

    /// <summary>Onset strength of unit deviation, smoothed by a Gaussian of a thirty-second of the period.</summary>
    private static float[] LocalScore(ReadOnlySpan<float> onsets, double period)
    {
        float[] centred = Centred(onsets);
        float deviation = TensorPrimitives.Norm<float>(centred) / MathF.Sqrt(centred.Length);
        var local = new float[onsets.Length];
        if (!(deviation > 0))
            return local;
        int reach = (int)Math.Ceiling(period / 8);
        float[] kernel = [.. Enumerable.Range(-reach, 2 * reach + 1)
            .Select(offset => (float)Math.Exp(-0.5 * Math.Pow(32 * offset / period, 2)) / deviation)];
        for (int frame = 0; frame < local.Length; frame++)
        {
            int first = Math.Max(0, frame - reach), last = Math.Min(local.Length - 1, frame + reach);
            local[frame] = TensorPrimitives.Dot(onsets[first..(last + 1)], kernel.AsSpan(first - frame + reach, last - first + 1));
        }
        return local;
    }
}
