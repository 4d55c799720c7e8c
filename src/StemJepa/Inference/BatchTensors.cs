using Microsoft.ML.OnnxRuntime;

namespace StemJepa;

/// <summary>The buffers of a <see cref="WindowBatch"/> as inputs and outputs of the networks, for one number of windows of one length.</summary>
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
