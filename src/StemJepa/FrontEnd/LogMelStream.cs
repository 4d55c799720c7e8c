namespace StemJepa;

/// <summary>
/// Cuts a recording that is read forward once into chunks of frames, each computed from a window of samples that overlaps the one before,
/// so that all chunks together equal the spectrogram of the whole recording. Holds one window: memory does not grow with the recording.
/// </summary>
internal sealed class LogMelStream
{
    private const int Edge = FrontEndSettings.FftSize / 2;

    private readonly LogMelSpectrogram _spectrogram;
    private readonly AudioReader _reader;
    private readonly int _framesPerChunk;
    private readonly int _windowLength;
    private readonly float[] _window;
    private int _filled;
    private long _firstFrame;
    private bool _started;
    private bool _ended;

    public LogMelStream(LogMelSpectrogram spectrogram, AudioReader reader, int framesPerChunk)
    {
        _spectrogram = spectrogram;
        _reader = reader;
        _framesPerChunk = framesPerChunk;
        _windowLength = LogMelSpectrogram.SamplesCovered(framesPerChunk);
        _window = new float[_windowLength + Edge];
    }

    /// <summary>The next chunk, or null after the last; null at once if the recording is empty.</summary>
    public LogMelChunk? Read()
    {
        Fill();
        int frames = Math.Min(_framesPerChunk, FramesIn(_filled));
        if (frames == 0)
            return null;

        int padded = (frames + FrontEndSettings.PatchFrames - 1) / FrontEndSettings.PatchFrames * FrontEndSettings.PatchFrames;
        var values = new float[FrontEndSettings.MelBands * padded];
        ReadOnlySpan<float> covered = _window.AsSpan(0, LogMelSpectrogram.SamplesCovered(frames));
        _spectrogram.ComputeFrames(covered, frames, values, padded);
        var chunk = new LogMelChunk(_firstFrame, frames, padded, values, PeakMeter.Measure(covered));

        int consumed = frames * FrontEndSettings.Hop;
        _window.AsSpan(consumed, _filled - consumed).CopyTo(_window);
        _filled -= consumed;
        _firstFrame += frames;
        return chunk;
    }

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
            int read = _reader.Read(_window.AsSpan(_filled, _windowLength - _filled));
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
