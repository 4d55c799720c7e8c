using StemJepa.Training.Networks;
using static TorchSharp.torch;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// Applies a network to a recording of any length, by the paper's protocol: chunks of 800 frames, the tail padded with zeros to whole
/// patches.
/// </summary>
internal static class EncoderPatches
{
    private const int ChunkFrames = PatchGrid.MaxTimePatches * PatchGrid.PatchSize;

    /// <summary>Computes the time patches, [time patches, 5 x width]. Call it without gradients.</summary>
    /// <param name="clip">Any rate.</param>
    /// <param name="frontEnd">The network's front end.</param>
    /// <param name="embed">From a log-mel [1, 80, frames] to patches [1, 5, frames / 16, width].</param>
    public static Tensor Compute(AudioClip clip, LogMelSpectrogram frontEnd, Func<Tensor, Tensor> embed)
    {
        float[] logMel = frontEnd.Compute(clip.Resample(FrontEndSettings.SampleRate).Samples.Span);
        Tensor frames = tensor(logMel, [1, FrontEndSettings.MelBands, logMel.Length / FrontEndSettings.MelBands]);
        long count = frames.shape[2], padded = (count + PatchGrid.PatchSize - 1) / PatchGrid.PatchSize * PatchGrid.PatchSize;
        frames = nn.functional.pad(frames, [0, padded - count]);
        var chunks = new List<Tensor>();
        for (long start = 0; start < padded; start += ChunkFrames)
            chunks.Add(embed(frames.narrow(2, start, Math.Min(ChunkFrames, padded - start))).to(ScalarType.Float32));
        return cat(chunks, 2).permute(0, 2, 1, 3).flatten(2).squeeze(0).contiguous();
    }
}
