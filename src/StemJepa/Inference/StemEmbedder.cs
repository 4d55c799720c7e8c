using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;

namespace StemJepa;

/// <summary>
/// The data path from a recording to its embedding: resampled, cut into windows of log-mels, through the networks in batches, averaged over
/// time. Holds a few windows at a time, whatever the recording's length. Thread-safe.
/// </summary>
internal sealed class StemEmbedder(StemNetworks networks, ModelInfo model)
{
    /// <summary>The peak, -80 dB, up to which a recording counts as silent: dither stays under it, music does not.</summary>
    private const float SilentPeak = 1e-4f;

    private readonly ConcurrentBag<WindowBatch> _batches = [];

    private readonly LogMelSpectrogram _spectrogram = new(new FrontEndSettings
    {
        Mean = model.FrontEnd.Mean,
        StandardDeviation = model.FrontEnd.StandardDeviation,
    });

    /// <summary>Embeds a whole recording, or predicts the embedding of the stem that it lacks.</summary>
    /// <param name="recording">Any rate from 8 to 192 kHz; read to its end, and not disposed.</param>
    /// <param name="missing">The stem to predict; null to embed the recording itself.</param>
    /// <param name="subject">How errors name the recording, such as "The mix".</param>
    /// <param name="cancellationToken">Looked at between windows, and inside the networks.</param>
    /// <param name="sequence">Takes the patches in time, besides their mean; memory then grows with the recording.</param>
    /// <exception cref="StemJepaException">There are no samples, or one is not finite.</exception>
    internal StemEmbedding Embed(AudioReader recording, Stem? missing, string subject, CancellationToken cancellationToken,
        PatchSequence? sequence = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        WindowBatch batch = _batches.TryTake(out WindowBatch? used) ? used : new WindowBatch(model.Encoder.Width);
        try
        {
            using var run = new RunOptions();
            using CancellationTokenRegistration registration = cancellationToken.Register(() => run.Terminate = true);
            return Embed(new CountingReader(recording), missing, subject, batch, sequence, run, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            batch.Clear();
            _batches.Add(batch);
        }
    }

    private StemEmbedding Embed(CountingReader recording, Stem? missing, string subject, WindowBatch batch, PatchSequence? sequence,
        RunOptions run, CancellationToken cancellationToken)
    {
        var mean = new PatchMean(model.Encoder.Width);
        var resampled = new ResamplingReader(recording, FrontEndSettings.SampleRate);
        float peak = 0;
        foreach (LogMelChunk chunk in _spectrogram.Stream(resampled, WindowBatch.WindowFrames))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!chunk.IsFinite)
                throw NotFinite(chunk, subject);
            peak = Math.Max(peak, chunk.Peak);
            if (!batch.Accepts(chunk))
                Flush(batch, missing, mean, sequence, run);
            batch.Add(chunk);
        }
        if (batch.Count == 0)
            throw new StemJepaException($"{subject} is empty: give at least one sample.");
        Flush(batch, missing, mean, sequence, run);
        return new StemEmbedding(mean.ToVector(), (double)recording.Count / recording.SampleRate, peak <= SilentPeak);
    }

    private void Flush(WindowBatch batch, Stem? missing, PatchMean mean, PatchSequence? sequence, RunOptions run)
    {
        if (missing is { } stem)
            networks.Predict(batch, stem, run);
        else
            networks.Encode(batch, run);
        ReadOnlySpan<float> patches = missing is null ? batch.PatchValues : batch.PredictionValues;
        mean.Add(patches, batch.TimePatches);
        sequence?.Add(patches, batch.TimePatches);
        batch.Clear();
    }

    private static StemJepaException NotFinite(LogMelChunk chunk, string subject)
    {
        const double framesPerSecond = FrontEndSettings.FramesPerSecond;
        double from = chunk.FirstFrame / framesPerSecond, to = (chunk.FirstFrame + chunk.Frames) / framesPerSecond;
        return new StemJepaException(FormattableString.Invariant(
            $"{subject} has samples that are not finite numbers between {from:0.0} and {to:0.0} s: export the recording again."));
    }
}
