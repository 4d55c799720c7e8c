namespace StemJepa;

/// <summary>Consecutive frames of a recording's log-mel spectrogram, as an encoder takes them. Immutable and thread-safe.</summary>
public sealed class LogMelChunk
{
    internal LogMelChunk(long firstFrame, int frames, int paddedFrames, float[] values, float peak)
    {
        FirstFrame = firstFrame;
        Frames = frames;
        PaddedFrames = paddedFrames;
        Values = values;
        Peak = peak;
    }

    /// <summary>Place of the first frame in the recording, in frames of 10 ms.</summary>
    public long FirstFrame { get; }

    /// <summary>Frames that hold sound.</summary>
    public int Frames { get; }

    /// <summary>
    /// <see cref="Frames"/> rounded up to a multiple of <see cref="FrontEndSettings.PatchFrames"/>; greater than it only in the last chunk.
    /// </summary>
    public int PaddedFrames { get; }

    /// <summary>
    /// Normalised log-mel values, band-major [80, <see cref="PaddedFrames"/>]; frames beyond <see cref="Frames"/> are 0, as the
    /// reference pads after normalising.
    /// </summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>
    /// The largest magnitude of the samples that these frames cover, 0 for digital silence; positive infinity if a sample is infinite or
    /// not a number, and then <see cref="Values"/> are of no use. Neighbouring chunks share up to 440 samples.
    /// </summary>
    public float Peak { get; }

    /// <summary>Whether all samples that these frames cover are finite numbers.</summary>
    public bool IsFinite => float.IsFinite(Peak);
}
