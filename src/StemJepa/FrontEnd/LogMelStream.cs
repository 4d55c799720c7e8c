namespace StemJepa;

/// <summary>
/// Cuts a recording that is read forward once into chunks of frames, each computed from a window of samples that overlaps the one before,
/// so that all chunks together equal the spectrogram of the whole recording. Holds one window: memory does not grow with the recording.
/// Takes one recording after another; one caller at a time.
/// </summary>
internal sealed class LogMelStream
{
    private const int Edge = FrontEndSettings.FftSize / 2;

    private readonly LogMelSpectrogram _spectrogram;
    private readonly int _framesPerChunk;
    private readonly int _windowLength;
    private readonly float[] _window;
    private AudioReader? _reader;
    private int _filled;
    private bool _started;
    private bool _ended;

    /// <summary>Allocates the window for chunks of so many frames.</summary>
    public LogMelStream(LogMelSpectrogram spectrogram, int framesPerChunk)
    {
        _spectrogram = spectrogram;
        _framesPerChunk = framesPerChunk;
        _windowLength = LogMelSpectrogram.SamplesCovered(framesPerChunk);
        _window = new float[_windowLength + Edge];
    }

    /// <summary>Place of the chunk's first frame in the recording.</summary>
    public long FirstFrame { get; private set; }

    /// <summary>Frames of the chunk.</summary>
    public int Frames { get; private set; }

    /// <summary>The frames rounded up to a multiple of <see cref="FrontEndSettings.PatchFrames"/>.</summary>
    public int PaddedFrames => (Frames + FrontEndSettings.PatchFrames - 1) / FrontEndSettings.PatchFrames * FrontEndSettings.PatchFrames;

    /// <summary>
    /// The largest magnitude of the samples that these frames cover, 0 for digital silence; positive infinity if a sample is infinite or
    /// not a number. Neighbouring chunks share up to 440 samples.
    /// </summary>
    public float Peak { get; private set; }

    /// <summary>Begins a recording; <see cref="Advance"/> goes to its first chunk.</summary>
    public void Open(AudioReader reader)
    {
        _reader = reader;
        _filled = 0;
        _started = _ended = false;
        FirstFrame = Frames = 0;
    }

    /// <summary>Goes to the next chunk.</summary>
    /// <returns>False after the last; at once if the recording is empty.</returns>
    public bool Advance()
    {
        int consumed = Frames * FrontEndSettings.Hop;
        _window.AsSpan(consumed, _filled - consumed).CopyTo(_window);
        _filled -= consumed;
        FirstFrame += Frames;
        Fill();
        Frames = Math.Min(_framesPerChunk, FramesIn(_filled));
        if (Frames == 0)
            return false;
        Peak = PeakMeter.Measure(Covered);
        return true;
    }

    /// <summary>Writes the chunk, [80, <see cref="PaddedFrames"/>]; what is beyond <see cref="Frames"/> becomes 0.</summary>
    public void Write(Span<float> values)
    {
        int padded = PaddedFrames;
        _spectrogram.ComputeFrames(Covered, Frames, values, padded);
        for (int band = 0; Frames < padded && band < FrontEndSettings.MelBands; band++)
            values[(band * padded + Frames)..((band + 1) * padded)].Clear();
    }

    private ReadOnlySpan<float> Covered => _window.AsSpan(0, LogMelSpectrogram.SamplesCovered(Frames));

    private static int FramesIn(int samples) =>
        samples < FrontEndSettings.FftSize ? 0 : 1 + (samples - FrontEndSettings.FftSize) / FrontEndSettings.Hop;

    /// <summary>Completes the window with samples, and with the mirrored edges of the recording where it begins and ends.</summary>
    private void Fill()
    {
        if (_ended)
            return;
        int recordingStart = _started ? 0 : Edge;
        _started = true;
        _filled = Math.Max(_filled, recordingStart);
        while (_filled < _windowLength && !_ended)
        {
            int read = _reader!.Read(_window.AsSpan(_filled, _windowLength - _filled));
            _filled += read;
            _ended = read == 0;
        }

        ReadOnlySpan<float> recording = _window.AsSpan(recordingStart, _filled - recordingStart);
        if (recording.IsEmpty)
        {
            _filled = 0;
            return;
        }
        Mirror.Copy(recording, -recordingStart, _window.AsSpan(0, recordingStart));
        if (_ended)
        {
            Mirror.Copy(recording, recording.Length, _window.AsSpan(_filled, Edge));
            _filled += Edge;
        }
    }
}
