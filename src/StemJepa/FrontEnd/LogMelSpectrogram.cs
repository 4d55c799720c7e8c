using System.Runtime.CompilerServices;

namespace StemJepa;

/// <summary>
/// The front end of Stem-JEPA (paper, section 3.1): 16 kHz mono audio to a normalised log-mel spectrogram of 80 bands and 100 frames a
/// second. Frames are centred on every 160th sample; the recording is mirrored at its ends. Values are
/// (ln(mel power + <see cref="FrontEndSettings.LogOffset"/>) - mean) / deviation. Immutable and thread-safe.
/// </summary>
public sealed class LogMelSpectrogram
{
    private readonly LogMelKernel _kernel;

    /// <summary>Creates the front end of a model.</summary>
    /// <param name="settings">The model's normalisation; null means that of the paper.</param>
    public LogMelSpectrogram(FrontEndSettings? settings = null)
    {
        Settings = settings ?? new FrontEndSettings();
        _kernel = LogMelKernel.Create(Settings);
    }

    /// <summary>Creates a front end that works with a given register width.</summary>
    internal LogMelSpectrogram(LogMelKernel kernel)
    {
        Settings = new FrontEndSettings();
        _kernel = kernel;
    }

    /// <summary>The normalisation in use.</summary>
    public FrontEndSettings Settings { get; }

    /// <summary>Frames of a recording of <paramref name="samples"/> samples: one, and one more for every full 160 samples.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than 2^31 - 1 frames.</exception>
    public static int FrameCount(long samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        long frames = 1 + samples / FrontEndSettings.Hop;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frames, int.MaxValue, nameof(samples));
        return (int)frames;
    }

    /// <summary>The log-mel spectrogram of a whole recording, band-major [80, frames].</summary>
    /// <param name="samples">16 kHz mono, nominally -1..1; at least one sample. What is not finite spreads to the frames that cover it.</param>
    /// <exception cref="ArgumentException">No samples, or more than an array of results can hold: stream those.</exception>
    public float[] Compute(ReadOnlySpan<float> samples)
    {
        long length = (long)FrontEndSettings.MelBands * FrameCount(samples.Length);
        if (length > Array.MaxLength)
            throw new ArgumentException(
                $"{samples.Length} samples give more log-mel values than one array holds; use the overload that streams.", nameof(samples));
        var values = new float[length];
        Compute(samples, values);
        return values;
    }

    /// <summary>The same, into memory of the caller, on the calling thread and without allocating.</summary>
    /// <param name="samples">16 kHz mono, nominally -1..1; at least one sample.</param>
    /// <param name="destination">Band-major [80, frames]: exactly 80 x <see cref="FrameCount"/> values.</param>
    /// <exception cref="ArgumentException">No samples, or a destination of another length.</exception>
    [SkipLocalsInit]
    public void Compute(ReadOnlySpan<float> samples, Span<float> destination)
    {
        if (samples.IsEmpty)
            throw new ArgumentException("There are no samples; a spectrogram needs at least one.", nameof(samples));
        int frames = FrameCount(samples.Length);
        if (destination.Length != (long)FrontEndSettings.MelBands * frames)
            throw new ArgumentException(
                $"The destination has {destination.Length} values; {samples.Length} samples need {FrontEndSettings.MelBands} x {frames}.",
                nameof(destination));

        int block = _kernel.BlockFrames;
        Span<float> edge = stackalloc float[(block - 1) * FrontEndSettings.Hop + FrontEndSettings.FftSize];
        for (int frame = 0; frame < frames; frame += block)
        {
            int count = Math.Min(block, frames - frame);
            int start = frame * FrontEndSettings.Hop - FrontEndSettings.FftSize / 2;
            int length = (count - 1) * FrontEndSettings.Hop + FrontEndSettings.FftSize;
            scoped ReadOnlySpan<float> covered;
            if (start >= 0 && start <= samples.Length - length)
                covered = samples.Slice(start, length);
            else
            {
                CopyMirrored(samples, start, edge[..length]);
                covered = edge[..length];
            }
            _kernel.Compute(covered, count, destination[frame..], frames);
        }
    }

    /// <summary>
    /// Copies from place <paramref name="start"/>, which may lie before the recording, mirroring it at its first and last sample as often
    /// as it takes.
    /// </summary>
    private static void CopyMirrored(ReadOnlySpan<float> samples, int start, Span<float> destination)
    {
        int last = samples.Length - 1;
        long period = Math.Max(2L * last, 1);
        for (int i = 0; i < destination.Length; i++)
        {
            long place = ((start + (long)i) % period + period) % period;
            destination[i] = samples[(int)(place <= last ? place : period - place)];
        }
    }
}
