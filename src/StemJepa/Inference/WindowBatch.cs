using Microsoft.ML.OnnxRuntime;

namespace StemJepa;

/// <summary>
/// The buffers of one call into the networks: up to <see cref="MaximumWindows"/> windows of equal length, their patches, and their predicted
/// patches. Used again and again; one caller at a time.
/// </summary>
internal sealed class WindowBatch
{
    /// <summary>The most windows that go through a network at once: on a processor, more take more memory and no less time.</summary>
    internal const int MaximumWindows = 4;

    /// <summary>Frames of a whole window: 8 s.</summary>
    internal const int WindowFrames = ModelEncoder.WindowPatches * ModelEncoder.PatchSize;

    private readonly int _width;
    private readonly float[] _logMel;
    private readonly float[] _patches;
    private readonly float[] _prediction;
    private readonly long[] _stem = GC.AllocateArray<long>(MaximumWindows, pinned: true);

    /// <summary>Allocates the buffers for an encoder of the given width.</summary>
    internal WindowBatch(int width)
    {
        _width = width;
        int patchValues = MaximumWindows * ModelEncoder.FrequencyPatches * ModelEncoder.WindowPatches * width;
        _logMel = GC.AllocateArray<float>(MaximumWindows * FrontEndSettings.MelBands * WindowFrames, pinned: true);
        _patches = GC.AllocateArray<float>(patchValues, pinned: true);
        _prediction = GC.AllocateArray<float>(patchValues, pinned: true);
    }

    /// <summary>Windows that are in.</summary>
    internal int Count { get; private set; }

    /// <summary>Patches in time of each window that is in.</summary>
    internal int TimePatches { get; private set; }

    /// <summary>The encoder's output, [count, 5, time patches, width].</summary>
    internal ReadOnlySpan<float> PatchValues => _patches.AsSpan(0, PatchValueCount);

    /// <summary>The predictor's output, [count, 5, time patches, width].</summary>
    internal ReadOnlySpan<float> PredictionValues => _prediction.AsSpan(0, PatchValueCount);

    private int PatchValueCount => Count * ModelEncoder.FrequencyPatches * TimePatches * _width;

    private long[] PatchShape => [Count, ModelEncoder.FrequencyPatches, TimePatches, _width];

    /// <summary>Whether a window of this length can go in beside those that are in.</summary>
    internal bool Accepts(LogMelChunk chunk) =>
        Count == 0 || (Count < MaximumWindows && TimePatches == chunk.PaddedFrames / ModelEncoder.PatchSize);

    /// <summary>Copies a window in; <see cref="Accepts"/> must be true.</summary>
    internal void Add(LogMelChunk chunk)
    {
        ReadOnlySpan<float> values = chunk.Values.Span;
        values.CopyTo(_logMel.AsSpan(Count * values.Length));
        TimePatches = chunk.PaddedFrames / ModelEncoder.PatchSize;
        Count++;
    }

    /// <summary>Takes all windows out.</summary>
    internal void Clear() => Count = 0;

    /// <summary>The windows as a network's input, [count, 80, frames].</summary>
    internal OrtValue LogMel() => View(_logMel, [Count, FrontEndSettings.MelBands, TimePatches * ModelEncoder.PatchSize]);

    /// <summary>Where the encoder writes and the predictor reads.</summary>
    internal OrtValue Patches() => View(_patches, PatchShape);

    /// <summary>Where the predictor writes.</summary>
    internal OrtValue Prediction() => View(_prediction, PatchShape);

    /// <summary>The same stem for every window, [count].</summary>
    internal OrtValue Stem(Stem stem)
    {
        _stem.AsSpan(0, Count).Fill((long)stem);
        return View(_stem, [Count]);
    }

    private static OrtValue View<T>(T[] buffer, long[] shape) where T : unmanaged
    {
        int length = checked((int)shape.Aggregate(1L, (product, size) => product * size));
        return OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, buffer.AsMemory(0, length), shape);
    }
}
