using System.Numerics.Tensors;

namespace StemJepa;

/// <summary>
/// How each mel band moves within a column of patches, 16 frames every 0.16 s: what an instrument sounds like and how its notes begin. From the log-mel that an
/// encoder is shown, window by window; memory grows with the recording, some 0.4 MB a minute. One caller at a time.
/// </summary>
internal sealed class MelDynamics
{
    /// <summary>Values of a column: mean, maximum and steepest rise (from one frame to the next; 0 where it only falls) of each of the 80 bands, in this order.</summary>
    internal const int ColumnLength = 3 * FrontEndSettings.MelBands;

    private readonly List<float> _values = [];

    /// <summary>The columns in time, [columns, 240].</summary>
    internal float[] ToArray() => [.. _values];

    /// <summary>Appends some windows, [windows, 80, 16 x <paramref name="timePatches"/>].</summary>
    internal void Add(ReadOnlySpan<float> logMel, int timePatches)
    {
        const int bands = FrontEndSettings.MelBands, patch = ModelEncoder.PatchSize;
        int frames = timePatches * patch;
        Span<float> column = stackalloc float[ColumnLength], steps = stackalloc float[patch - 1];
        for (; logMel.Length > 0; logMel = logMel[(bands * frames)..])
        {
            for (int start = 0; start < frames; start += patch)
            {
                for (int band = 0; band < bands; band++)
                {
                    ReadOnlySpan<float> values = logMel.Slice(band * frames + start, patch);
                    TensorPrimitives.Subtract(values[1..], values[..^1], steps);
                    column[band] = TensorPrimitives.Sum(values) / patch;
                    column[bands + band] = TensorPrimitives.Max(values);
                    column[2 * bands + band] = Math.Max(0, TensorPrimitives.Max<float>(steps));
                }
                _values.AddRange(column);
            }
        }
    }
}
