using Microsoft.ML.OnnxRuntime;

namespace StemJepa;

/// <summary>All memory that one call of <see cref="StemEmbedder"/> works in. Used again and again; one caller at a time.</summary>
internal sealed class EmbeddingBuffers(LogMelSpectrogram spectrogram, int width, int mostWindows) : IDisposable
{
    private ResamplingReader? _resampling;
    private CountingReader? _counting;
    private WindowBatch? _otherBatch;

    /// <summary>The windows that go into the networks together.</summary>
    internal WindowBatch Batch { get; } = new(width, mostWindows);

    /// <summary>
    /// The batch that can be filled while <paramref name="busy"/> is in the networks; the second is allocated when a recording is long
    /// enough.
    /// </summary>
    internal WindowBatch Other(WindowBatch busy) => busy == Batch ? _otherBatch ??= new WindowBatch(width, mostWindows) : Batch;

    /// <summary>Cuts the recording into windows.</summary>
    internal LogMelStream Windows { get; } = new(spectrogram, WindowBatch.WindowFrames);

    /// <summary>The mean over time of what came out.</summary>
    internal PatchMean Mean { get; } = new(width);

    /// <summary>The largest magnitude of the windows that are in a batch or were.</summary>
    internal float Peak { get; set; }

    /// <summary>Through which a call is cancelled.</summary>
    internal RunOptions Run { get; } = new();

    /// <summary>Samples that were read from the recording, at its own rate.</summary>
    internal long SamplesRead => _counting!.Count;

    /// <summary>Begins a recording. The filters of the one before are used again where its rate was the same.</summary>
    internal void Open(AudioReader recording)
    {
        if (_resampling is not null && _counting!.SampleRate == recording.SampleRate)
        {
            _counting.Restart(recording);
            _resampling.Restart(_counting);
        }
        else
        {
            _counting = new CountingReader(recording);
            _resampling = new ResamplingReader(_counting, FrontEndSettings.SampleRate);
        }
        Windows.Open(_resampling);
    }

    /// <summary>Makes the buffers ready for another call, and lets go of the recording.</summary>
    internal void Clear()
    {
        _counting?.Release();
        Batch.Clear();
        _otherBatch?.Clear();
        Mean.Clear();
        Peak = 0;
        Run.Terminate = false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Batch.Dispose();
        _otherBatch?.Dispose();
        Run.Dispose();
    }
}

/// <summary>Counts what is read from another reader, one after another. Does not dispose it.</summary>
internal sealed class CountingReader(AudioReader source) : AudioReader
{
    private AudioReader? _source = source;

    /// <summary>Samples read so far from the present reader.</summary>
    internal long Count { get; private set; }

    /// <inheritdoc/>
    public override int SampleRate { get; } = source.SampleRate;

    /// <inheritdoc/>
    public override int Read(Span<float> buffer)
    {
        int read = _source!.Read(buffer);
        Count += read;
        return read;
    }

    /// <summary>Begins to count what is read from another reader of the same sample rate.</summary>
    internal void Restart(AudioReader next)
    {
        _source = next;
        Count = 0;
    }

    /// <summary>Lets go of the reader.</summary>
    internal void Release() => _source = null;
}
