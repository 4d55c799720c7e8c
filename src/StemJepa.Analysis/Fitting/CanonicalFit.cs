using System.Numerics.Tensors;

namespace StemJepa;

/// <summary>
/// The canonical correlation of a mix and a candidate (<see cref="CanonicalCorrelation"/>) at one start, with the candidate at another
/// tempo and transposed. One mix and candidate; not thread-safe.
/// </summary>
internal sealed class CanonicalFit
{
    private const int Count = CanonicalDirections.Count, Classes = Chromagram.Classes, Features = AlignmentFeatures.Count;
    private const double FramesPerSecond = (double)FrontEndSettings.SampleRate / AlignmentFeatures.Hop;

    private readonly float[] _mix, _candidate, _directions;
    private readonly float[][] _byShift = new float[Classes][];

    public CanonicalFit(float[] mix, float[] candidate, Stem stem)
    {
        CanonicalDirections.Pair pair = CanonicalDirections.Shipped.For(stem);
        (_mix, _candidate, _directions) = (Project(mix, pair.Mix, 0), candidate, pair.Candidate.ToArray());
    }

    /// <summary>The mean product of both sides' variables over the frames that both have, about -1..1; 0 if there are none.</summary>
    public float Correlate(FitTrial trial)
    {
        int shift = ((trial.Semitones % Classes) + Classes) % Classes;
        float[] own = _byShift[shift] ??= Project(_candidate, _directions, shift);
        int frames = _mix.Length / Count, ownFrames = own.Length / Count;
        int from = (int)Math.Max(0, Math.Ceiling(trial.Start * FramesPerSecond));
        double sum = 0;
        int shared = 0;
        for (int t = from; t < frames; t++)
        {
            double at = (t - trial.Start * FramesPerSecond) * trial.Ratio;
            int whole = (int)at;
            if (whole + 1 >= ownFrames)
                break;
            float part = (float)(at - whole);
            ReadOnlySpan<float> mix = _mix.AsSpan(t * Count, Count);
            sum += (1 - part) * TensorPrimitives.Dot(mix, own.AsSpan(whole * Count, Count))
                + part * TensorPrimitives.Dot(mix, own.AsSpan((whole + 1) * Count, Count));
            shared++;
        }
        return shared == 0 ? 0 : (float)(sum / shared);
    }

    /// <summary>The variables of a recording whose pitch classes are moved up, of power 1 in all, [frames, 16].</summary>
    private static float[] Project(float[] features, ReadOnlySpan<float> directions, int shift)
    {
        const float leastPower = 1e-6f;
        int frames = features.Length / Features;
        var variables = new float[frames * Count];
        for (int frame = 0; frame < frames; frame++)
        {
            Span<float> row = variables.AsSpan(frame * Count, Count);
            for (int feature = 0; feature < Features; feature++)
            {
                int from = feature < Classes ? (feature - shift + Classes) % Classes : feature;
                TensorPrimitives.MultiplyAdd(directions.Slice(feature * Count, Count), features[frame * Features + from], row, row);
            }
        }
        float power = TensorPrimitives.SumOfSquares<float>(variables) / Math.Max(1, frames);
        TensorPrimitives.Multiply(variables, power > leastPower ? 1 / MathF.Sqrt(power) : 0, variables);
        return variables;
    }
}
