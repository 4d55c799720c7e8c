using System.Runtime.CompilerServices;

namespace StemJepa;

/// <summary>
/// The front end of Stem-JEPA (paper, section 3.1): 16 kHz mono audio to a normalised log-mel spectrogram of 80 bands and 100 frames per
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
    /// <param name="samples">
    /// 16 kHz mono, nominally -1..1; at least one sample. What is not finite spreads to the frames that cover it.
    /// </param>
    /// <exception cref="ArgumentException">No samples, or more than one array of results can hold.</exception>
    public float[] Compute(ReadOnlySpan<float> samples) => Compute(samples, CancellationToken.None);

    /// <inheritdoc cref="Compute(ReadOnlySpan{float})"/>
    /// <param name="samples">16 kHz mono, nominally -1..1; at least one sample.</param>
    /// <param name="cancellationToken">Checked every few frames.</param>
    internal float[] Compute(ReadOnlySpan<float> samples, CancellationToken cancellationToken)
    {
        long length = (long)FrontEndSettings.MelBands * FrameCount(samples.Length);
        if (length > Array.MaxLength)
            throw new ArgumentException(
                $"{samples.Length} samples give more log-mel values than one array holds; cut the recording into pieces.", nameof(samples));
        var values = new float[length];
        Compute(samples, values, cancellationToken);
        return values;
    }

    /// <summary>The same, into memory of the caller, on the calling thread and without allocating.</summary>
    /// <param name="samples">16 kHz mono, nominally -1..1; at least one sample.</param>
    /// <param name="destination">Band-major [80, frames]: exactly 80 x <see cref="FrameCount"/> values.</param>
    /// <exception cref="ArgumentException">No samples, or a destination of another length.</exception>
    public void Compute(ReadOnlySpan<float> samples, Span<float> destination) =>
        Compute(samples, destination, CancellationToken.None);

    [SkipLocalsInit]
    private void Compute(ReadOnlySpan<float> samples, Span<float> destination, CancellationToken cancellationToken)
    {
        if (samples.IsEmpty)
            throw new ArgumentException("There are no samples; a spectrogram needs at least one.", nameof(samples));
        int frames = FrameCount(samples.Length);
        if (destination.Length != (long)FrontEndSettings.MelBands * frames)
            throw new ArgumentException(
                $"The destination has {destination.Length} values; {samples.Length} samples need {FrontEndSettings.MelBands} x {frames}.",
                nameof(destination));

        int block = _kernel.BlockFrames;
        Span<float> edge = stackalloc float[SamplesCovered(block)];
        for (int frame = 0; frame < frames; frame += block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(block, frames - frame);
            int start = frame * FrontEndSettings.Hop - FrontEndSettings.FftSize / 2;
            int length = SamplesCovered(count);
            scoped ReadOnlySpan<float> covered;
            if (start >= 0 && start <= samples.Length - length)
                covered = samples.Slice(start, length);
            else
            {
                Mirror.Copy(samples, start, edge[..length]);
                covered = edge[..length];
            }
            _kernel.Compute(covered, count, destination[frame..], frames);
        }
    }

    /// <summary>Samples that this many neighbouring frames cover.</summary>
    internal static int SamplesCovered(int frames) => (frames - 1) * FrontEndSettings.Hop + FrontEndSettings.FftSize;

    /// <summary>
    /// Frames of samples that already hold what lies beyond the ends: frame i covers <paramref name="samples"/>[160 i .. 160 i + 400] and
    /// goes to column i of <paramref name="destination"/>, [80, <paramref name="stride"/>].
    /// </summary>
    internal void ComputeFrames(ReadOnlySpan<float> samples, int frames, Span<float> destination, int stride)
    {
        for (int frame = 0; frame < frames; frame += _kernel.BlockFrames)
            _kernel.Compute(
                samples[(frame * FrontEndSettings.Hop)..], Math.Min(_kernel.BlockFrames, frames - frame), destination[frame..], stride);
    }
}
