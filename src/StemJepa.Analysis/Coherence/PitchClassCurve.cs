using System.Numerics.Tensors;

namespace StemJepa;

/// <summary>Which pitch classes sound in a recording, 25 frames per second, whatever their loudness. Immutable and thread-safe.</summary>
internal sealed class PitchClassCurve
{
    private const int Classes = Chromagram.Classes, Hop = AlignmentFeatures.Hop;

    /// <summary>60 dB under the loudest frame counts as silent.</summary>
    private const float Range = 1e-3f;

    private readonly float[] _rows;

    private PitchClassCurve(float[] rows) => _rows = rows;

    /// <summary>[frames, 12]: rows of zero mean and unit length; zero in silence.</summary>
    public ReadOnlySpan<float> Values => _rows;

    /// <param name="samples">16 kHz mono.</param>
    /// <param name="hop">Samples from one frame to the next.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static PitchClassCurve Compute(ReadOnlySpan<float> samples, int hop = Hop, CancellationToken cancellationToken = default)
    {
        float[] rows = Chromagram.Compute(samples, hop, cancellationToken);
        float least = 0;
        for (int start = 0; start < rows.Length; start += Classes)
            least = Math.Max(least, Range * TensorPrimitives.Norm<float>(rows.AsSpan(start, Classes)));
        for (int start = 0; start < rows.Length; start += Classes)
        {
            Span<float> row = rows.AsSpan(start, Classes);
            float norm = TensorPrimitives.Norm<float>(row);
            TensorPrimitives.Multiply(row, norm > least ? 1 / norm : 0, row);
            TensorPrimitives.Sqrt(row, row); // The loudest pitch class does not hide the others.
            TensorPrimitives.Subtract(row, TensorPrimitives.Sum<float>(row) / Classes, row);
            norm = TensorPrimitives.Norm<float>(row);
            TensorPrimitives.Multiply(row, norm > 0 ? 1 / norm : 0, row);
        }
        return new PitchClassCurve(rows);
    }

    /// <summary>
    /// How alike those of a recording are that begins with this one: the mean over time of the correlations of both. -1..1; frames in which
    /// one is silent count 0.
    /// </summary>
    public float Likeness(PitchClassCurve recording)
    {
        int length = Math.Min(_rows.Length, recording._rows.Length);
        return length == 0 ? 0
            : TensorPrimitives.Dot<float>(_rows.AsSpan(0, length), recording._rows.AsSpan(0, length)) / (length / Classes);
    }
}
