using Microsoft.ML.OnnxRuntime;

namespace StemJepa;

/// <summary>
/// The buffers of one call into the networks: some windows of equal length, their patches, and their
/// predicted patches. Used again and again; one caller at a time.
/// </summary>
internal sealed class WindowBatch : IDisposable
{
    /// <summary>Windows that go through a network at once on a processor, where more take more memory and no less time.</summary>
    internal const int WindowsOnProcessor = 4;

    /// <summary>Frames of a whole window: 8 s.</summary>
    internal const int WindowFrames = ModelEncoder.WindowPatches * ModelEncoder.PatchSize;

    private readonly int _width;
    private readonly int _mostWindows;
    private readonly float[] _logMel;
    private readonly float[] _patches;
    private readonly float[] _prediction;
    private readonly long[] _stem;
    private readonly BatchTensors?[,] _tensors;

    /// <summary>Allocates the buffers for an encoder of the given width.</summary>
    internal WindowBatch(int width, int mostWindows = WindowsOnProcessor)
    {
        _width = width;
        _mostWindows = mostWindows;
        _stem = GC.AllocateArray<long>(mostWindows, pinned: true);
        _tensors = new BatchTensors?[mostWindows, ModelEncoder.WindowPatches];
        int patchValues = mostWindows * ModelEncoder.FrequencyPatches * ModelEncoder.WindowPatches * width;
        _logMel = GC.AllocateArray<float>(mostWindows * FrontEndSettings.MelBands * WindowFrames, pinned: true);
        _patches = GC.AllocateArray<float>(patchValues, pinned: true);
        _prediction = GC.AllocateArray<float>(patchValues, pinned: true);
    }

    /// <summary>Windows that are in.</summary>
    internal int Count { get; private set; }

    /// <summary>Patches in time of each window that is in.</summary>
    internal int TimePatches { get; private set; }

    /// <summary>The networks' input, [count, 80, 16 x time patches].</summary>
    internal ReadOnlySpan<float> LogMelValues =>
        _logMel.AsSpan(0, Count * FrontEndSettings.MelBands * TimePatches * ModelEncoder.PatchSize);

    /// <summary>The encoder's output, [count, 5, time patches, width].</summary>
    internal ReadOnlySpan<float> PatchValues => _patches.AsSpan(0, PatchValueCount);

    /// <summary>The predictor's output, [count, 5, time patches, width].</summary>
    internal ReadOnlySpan<float> PredictionValues => _prediction.AsSpan(0, PatchValueCount);

    /// <summary>The same values as the networks take and give them, made once for each number of windows and length.</summary>
    internal BatchTensors Tensors => _tensors[Count - 1, TimePatches - 1] ??= CreateTensors();

    private int PatchValueCount => Count * ModelEncoder.FrequencyPatches * TimePatches * _width;

    /// <summary>Whether a window of so many frames can go in beside those that are in.</summary>
    internal bool Accepts(int paddedFrames) =>
        Count == 0 || (Count < _mostWindows && TimePatches == paddedFrames / ModelEncoder.PatchSize);

    /// <summary>Adds a window; <see cref="Accepts"/> must be true.</summary>
    /// <returns>Where its log-mels must be written, [80, <paramref name="paddedFrames"/>].</returns>
    internal Span<float> Add(int paddedFrames)
    {
        int length = FrontEndSettings.MelBands * paddedFrames;
        TimePatches = paddedFrames / ModelEncoder.PatchSize;
        return _logMel.AsSpan(Count++ * length, length);
    }

    /// <summary>Takes all windows out.</summary>
    internal void Clear() => Count = 0;

    /// <summary>Sets the stem that is missing from every window.</summary>
    internal void SetStem(int stem) => _stem.AsSpan(0, Count).Fill(stem);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (BatchTensors? tensors in _tensors)
            tensors?.Dispose();
        Array.Clear(_tensors);
    }

    private BatchTensors CreateTensors()
    {
        long[] patchShape = [Count, ModelEncoder.FrequencyPatches, TimePatches, _width];
        int frames = TimePatches * ModelEncoder.PatchSize;
        return new BatchTensors(
            View(_logMel.AsMemory(0, Count * FrontEndSettings.MelBands * frames), [Count, FrontEndSettings.MelBands, frames]),
            View(_patches.AsMemory(0, PatchValueCount), patchShape),
            View(_stem.AsMemory(0, Count), [Count]),
            View(_prediction.AsMemory(0, PatchValueCount), patchShape));
    }

    private static OrtValue View<T>(Memory<T> values, long[] shape) where T : unmanaged =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, values, shape);
}

/// <summary>
/// The buffers of a <see cref="WindowBatch"/> as inputs and outputs of the networks, for one number of windows of one length.
/// </summary>
internal sealed class BatchTensors(OrtValue logMel, OrtValue patches, OrtValue stem, OrtValue prediction) : IDisposable
{
    /// <summary>What an encoder reads: the windows, [count, 80, frames].</summary>
    internal OrtValue[] EncoderInputs { get; } = [logMel];

    /// <summary>Where an encoder writes, [count, 5, time patches, width].</summary>
    internal OrtValue[] EncoderOutputs { get; } = [patches];

    /// <summary>What the predictor reads: an encoder's patches, and the same stem for every window, [count].</summary>
    internal OrtValue[] PredictorInputs { get; } = [patches, stem];

    /// <summary>Where the predictor writes, [count, 5, time patches, width].</summary>
    internal OrtValue[] PredictorOutputs { get; } = [prediction];

    /// <inheritdoc/>
    public void Dispose()
    {
        logMel.Dispose();
        patches.Dispose();
        stem.Dispose();
        prediction.Dispose();
    }
}
