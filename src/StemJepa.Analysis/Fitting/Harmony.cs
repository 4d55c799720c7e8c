using System.Numerics.Tensors;

namespace StemJepa;

/// <summary>
/// Which pitch classes sound when: 25 frames per second of twelve values, square roots of the chroma at length 1, zero where it is silent.
/// Immutable and thread-safe.
/// </summary>
internal sealed class Harmony
{
    private const int Classes = Chromagram.Classes, Hop = AlignmentFeatures.Hop;

    public const double FramesPerSecond = (double)FrontEndSettings.SampleRate / Hop;

    /// <summary>60 dB under the loudest frame counts as silent.</summary>
    private const float Range = 1e-3f;

    private readonly float[] _rows;
    private readonly float[] _mean;

    private Harmony(float[] rows)
    {
        _rows = rows;
        _mean = new float[Classes];
        for (int start = 0; start < rows.Length; start += Classes)
            TensorPrimitives.Add(_mean, rows.AsSpan(start, Classes), _mean);
        TensorPrimitives.Multiply(_mean, 1f / Math.Max(1, rows.Length / Classes), _mean);
    }

    public int Frames => _rows.Length / Classes;

    /// <param name="samples">16 kHz mono.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static Harmony Compute(ReadOnlySpan<float> samples, CancellationToken cancellationToken)
    {
        float[] rows = Chromagram.Compute(samples, Hop, cancellationToken);
        float loudest = 0;
        for (int start = 0; start < rows.Length; start += Classes)
            loudest = Math.Max(loudest, TensorPrimitives.Norm<float>(rows.AsSpan(start, Classes)));
        for (int start = 0; start < rows.Length; start += Classes)
        {
            Span<float> row = rows.AsSpan(start, Classes);
            float norm = TensorPrimitives.Norm<float>(row);
            TensorPrimitives.Multiply(row, norm > Range * loudest ? 1 / norm : 0, row);
            TensorPrimitives.Sqrt(row, row);
        }
        return new Harmony(rows);
    }

    /// <summary>
    /// How well a candidate's pitch classes, moved up by so many semitones, go with this mix: the correlation of both over time, and that
    /// of their means, each -1..1.
    /// </summary>
    public IReadOnlyList<HarmonyMatch> Compare(Harmony candidate, double ratio, double start)
    {
        int from = (int)Math.Max(0, Math.Ceiling(start * FramesPerSecond));
        int to = (int)Math.Min(Frames, Math.Floor(candidate.Frames / ratio + start * FramesPerSecond));
        var inTime = new double[Classes];
        double ownPower = 0, otherPower = 0;
        Span<float> own = stackalloc float[Classes], other = stackalloc float[Classes];
        for (int t = from; t < to; t++)
        {
            int at = (int)Math.Round((t - start * FramesPerSecond) * ratio);
            if (at >= candidate.Frames || at < 0)
                continue;
            Deviation(_rows.AsSpan(t * Classes, Classes), _mean, own);
            Deviation(candidate._rows.AsSpan(at * Classes, Classes), candidate._mean, other);
            ownPower += TensorPrimitives.SumOfSquares<float>(own);
            otherPower += TensorPrimitives.SumOfSquares<float>(other);
            for (int shift = 0; shift < Classes; shift++)
            {
                for (int pitch = 0; pitch < Classes; pitch++)
                    inTime[shift] += own[(pitch + shift) % Classes] * other[pitch];
            }
        }
        double power = Math.Sqrt(ownPower * otherPower);
        return [.. Enumerable.Range(0, Classes).Select(shift =>
            new HarmonyMatch(power > 0 ? inTime[shift] / power : 0, MeanCorrelation(candidate, shift)))];
    }

    private static void Deviation(ReadOnlySpan<float> row, ReadOnlySpan<float> mean, Span<float> deviation)
    {
        if (row.ContainsAnyExcept(0f))
            TensorPrimitives.Subtract(row, mean, deviation);
        else
            deviation.Clear();
    }

    private double MeanCorrelation(Harmony candidate, int shift)
    {
        float own = TensorPrimitives.Sum<float>(_mean) / Classes, other = TensorPrimitives.Sum<float>(candidate._mean) / Classes;
        double product = 0, ownPower = 0, otherPower = 0;
        for (int pitch = 0; pitch < Classes; pitch++)
        {
            double mine = _mean[(pitch + shift) % Classes] - own, its = candidate._mean[pitch] - other;
            product += mine * its;
            ownPower += mine * mine;
            otherPower += its * its;
        }
        double power = Math.Sqrt(ownPower * otherPower);
        return power > 0 ? product / power : 0;
    }
}

/// <summary>How well pitch classes of a mix and a transposed candidate go together.</summary>
/// <param name="InTime">Correlation of what both have more or less of than in the mean, frame by frame.</param>
/// <param name="Mean">Correlation of both means over time: the keys.</param>
internal readonly record struct HarmonyMatch(double InTime, double Mean);
