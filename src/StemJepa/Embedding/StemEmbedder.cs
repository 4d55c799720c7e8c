using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace StemJepa;

/// <summary>What one call computes of a recording.</summary>
/// <param name="Vector">The mean over time of its patches, 5 x width.</param>
/// <param name="Duration">Length of the recording.</param>
/// <param name="IsSilent">Whether the recording was silent.</param>
/// <param name="Peak">The largest magnitude of its samples at 16 kHz, where 1 is full scale.</param>
internal readonly record struct EmbedderResult(float[] Vector, TimeSpan Duration, bool IsSilent, float Peak);

/// <summary>
/// The data path from a recording to its embedding: resampled, cut into windows of log-mels, through the networks in batches, averaged over
/// time. Holds a few windows at a time, whatever the recording's length, in buffers that later calls use again. Thread-safe, except for
/// <see cref="Dispose"/>.
/// </summary>
internal sealed class StemEmbedder(SharedNetworks networks, ModelInfo model) : IDisposable
{
    /// <summary>The peak, -80 dB, up to which a recording counts as silent: dither stays under it, music does not.</summary>
    private const float SilentPeak = 1e-4f;

    /// <summary>Integers of 32 bits that were never scaled stay under it; beyond is no sound, and would overflow in the networks.</summary>
    private const float LargestPeak = 1L << 32;

    private readonly ConcurrentBag<EmbeddingBuffers> _buffers = [];

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
    /// <param name="sink">Optional sink for per-patch outputs.</param>
    /// <exception cref="StemJepaException">
    /// There are no samples, one is not finite or beyond 2^32, or the networks give no finite numbers.
    /// </exception>
    internal EmbedderResult Embed(AudioReader recording, int? missing, string subject, IPatchSink? sink,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        EmbeddingBuffers buffers = _buffers.TryTake(out EmbeddingBuffers? used) ? used
            : new EmbeddingBuffers(_spectrogram, model.Encoder.Width, networks.MostWindows);
        networks.Enter();
        try
        {
            using CancellationTokenRegistration registration =
                cancellationToken.Register(static run => ((RunOptions)run!).Terminate = true, buffers.Run);
            return Embed(recording, missing, subject, buffers, sink, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            networks.Leave();
            if (!networks.IsStuck)
            {
                buffers.Clear();
                _buffers.Add(buffers);
            }
        }
    }

    /// <summary>Releases the buffers, after the last call.</summary>
    public void Dispose()
    {
        while (_buffers.TryTake(out EmbeddingBuffers? buffers))
            buffers.Dispose();
    }

    private EmbedderResult Embed(AudioReader recording, int? missing, string subject, EmbeddingBuffers buffers, IPatchSink? sink,
        CancellationToken cancellationToken)
    {
        buffers.Open(recording);
        WindowBatch batch = buffers.Batch;
        bool more = buffers.Windows.Advance() && Fill(buffers, batch, subject, cancellationToken);
        if (batch.Count == 0)
            throw new StemJepaException($"{subject} is empty: give at least one sample.");
        while (more && buffers.Windows.PaddedFrames == WindowBatch.WindowFrames)
        {
            WindowBatch next = buffers.Other(batch);
            more = FlushWhileFilling(batch, next, missing, subject, buffers, sink, cancellationToken);
            batch = next;
        }
        Flush(batch, missing, buffers, sink);
        if (more)
        {
            Fill(buffers, batch, subject, cancellationToken);
            Flush(batch, missing, buffers, sink);
        }
        var duration = TimeSpan.FromSeconds((double)buffers.SamplesRead / recording.SampleRate);
        float[] vector = buffers.Mean.ToVector();
        if (Array.Exists(vector, value => !float.IsFinite(value)))
        {
            throw new StemJepaException(
                $"The model '{model.Name}' gives values that are not finite numbers: export it again, or use another model.");
        }
        return new EmbedderResult(vector, duration, buffers.Peak <= SilentPeak, buffers.Peak);
    }

    /// <summary>While the networks work on one batch, the next is read and turned into log-mels on another thread.</summary>
    private bool FlushWhileFilling(WindowBatch batch, WindowBatch next, int? missing, string subject, EmbeddingBuffers buffers,
        IPatchSink? sink,
        CancellationToken cancellationToken)
    {
        Task<bool> filling = Task.Run(() => Fill(buffers, next, subject, cancellationToken), CancellationToken.None);
        try
        {
            Flush(batch, missing, buffers, sink);
        }
        finally
        {
            Task.WhenAny(filling).Wait(CancellationToken.None);
        }
        return filling.GetAwaiter().GetResult();
    }

    /// <summary>Puts the present window and those after it into a batch.</summary>
    /// <returns>Whether there is a window that did not fit.</returns>
    private static bool Fill(EmbeddingBuffers buffers, WindowBatch batch, string subject, CancellationToken cancellationToken)
    {
        LogMelStream windows = buffers.Windows;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!(windows.Peak <= LargestPeak))
                throw NoSound(windows, subject);
            if (!batch.Accepts(windows.PaddedFrames))
                return true;
            buffers.Peak = Math.Max(buffers.Peak, windows.Peak);
            windows.Write(batch.Add(windows.PaddedFrames));
        }
        while (windows.Advance());
        return false;
    }

    private void Flush(WindowBatch batch, int? missing, EmbeddingBuffers buffers, IPatchSink? sink)
    {
        if (missing is { } stem)
            networks.ForNextRun().Predict(batch, stem, buffers.Run);
        else
            networks.ForNextRun().Encode(batch, buffers.Run);
        ReadOnlySpan<float> patches = missing is null ? batch.PatchValues : batch.PredictionValues;
        buffers.Mean.Add(patches, batch.TimePatches);
        sink?.Add(new PatchWindows(patches, batch.LogMelValues, batch.Count, batch.TimePatches));
        batch.Clear();
    }

    private static StemJepaException NoSound(LogMelStream windows, string subject)
    {
        const double framesPerSecond = FrontEndSettings.FramesPerSecond;
        double from = windows.FirstFrame / framesPerSecond, to = (windows.FirstFrame + windows.Frames) / framesPerSecond;
        string found = float.IsFinite(windows.Peak)
            ? string.Create(CultureInfo.InvariantCulture, $"samples of up to {windows.Peak:0.#e0}, where 1 is full scale,")
            : "samples that are not finite numbers";
        return new StemJepaException(
            FormattableString.Invariant($"{subject} has {found} between {from:0.0} and {to:0.0} s: export the recording again."));
    }
}
