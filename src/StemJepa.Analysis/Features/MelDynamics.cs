using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace StemJepa;

/// <summary>
/// How each mel band changes within a time patch, 16 frames every 0.16 s: timbre and the onsets of notes. From the log-mel input of the
/// encoder, window by window; memory grows with the recording, some 0.4 MB per minute. Not thread-safe.
/// </summary>
internal sealed class MelDynamics : IPatchSink
{
    /// <summary>
    /// Values of a time patch: mean, maximum and steepest rise (from one frame to the next; 0 where it only falls) of each of the 80 bands,
    /// in this order.
    /// </summary>
    internal const int PatchLength = 3 * FrontEndSettings.MelBands;

    private readonly RowBlocks _values = new(PatchLength);

    /// <summary>The time patches, [time patches, 240].</summary>
    internal float[] ToArray(CancellationToken cancellationToken = default) => _values.ToArray(cancellationToken);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(PatchWindows windows)
    {
        const int bands = FrontEndSettings.MelBands, patch = ModelEncoder.PatchSize;
        ReadOnlySpan<float> logMel = windows.LogMel;
        int frames = windows.TimePatches * patch;
        Span<float> steps = stackalloc float[patch - 1];
        for (; logMel.Length > 0; logMel = logMel[(bands * frames)..])
        {
            for (int start = 0; start < frames; start += patch)
            {
                Span<float> values = _values.Add();
                for (int band = 0; band < bands; band++)
                {
                    ReadOnlySpan<float> curve = logMel.Slice(band * frames + start, patch);
                    TensorPrimitives.Subtract(curve[1..], curve[..^1], steps);
                    values[band] = TensorPrimitives.Sum(curve) / patch;
                    values[bands + band] = TensorPrimitives.Max(curve);
                    values[2 * bands + band] = Math.Max(0, TensorPrimitives.Max<float>(steps));
                }
            }
        }
    }
}
