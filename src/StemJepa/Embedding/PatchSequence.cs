namespace StemJepa;

/// <summary>
/// Receives what the networks compute, window by window, before it is averaged over time: an optional sink for per-patch outputs of
/// <see cref="IStemAffinity.Embed"/> and <see cref="IStemAffinity.Predict"/>. One call uses it at a time, in the order of the recording.
/// </summary>
public interface IPatchSink
{
    /// <summary>Takes the next windows of the recording. The memory belongs to the caller and is reused afterwards.</summary>
    void Add(PatchWindows windows);
}

/// <summary>
/// Some consecutive windows of a recording, of equal length, as they leave the networks. Valid during <see cref="IPatchSink.Add"/>.
/// </summary>
public readonly ref struct PatchWindows
{
    internal PatchWindows(ReadOnlySpan<float> patches, ReadOnlySpan<float> logMel, int count, int timePatches)
    {
        Patches = patches;
        LogMel = logMel;
        Count = count;
        TimePatches = timePatches;
    }

    /// <summary>
    /// The patch embeddings, [<see cref="Count"/>, 5, <see cref="TimePatches"/>, width]: the target encoder's, or the predicted ones.
    /// </summary>
    public ReadOnlySpan<float> Patches { get; }

    /// <summary>
    /// The normalised log-mel spectrogram that the encoder reads, [<see cref="Count"/>, 80, 16 x <see cref="TimePatches"/>].
    /// </summary>
    public ReadOnlySpan<float> LogMel { get; }

    /// <summary>Number of windows.</summary>
    public int Count { get; }

    /// <summary>Patches in time of each window, 0.16 s each.</summary>
    public int TimePatches { get; }

    /// <summary>Channels of one patch.</summary>
    public int Width => Patches.Length / (Count * TimePatches * ModelEncoder.FrequencyPatches);
}

/// <summary>
/// A recording's patch embeddings in time: what the mean over time averages away. One time patch for every 16 frames (0.16 s), of 5 x width
/// values. Memory grows with the recording. Not thread-safe while it is filled.
/// </summary>
public sealed class PatchSequence : IPatchSink
{
    private RowBlocks? _patches;
    private float[]? _values, _units;

    /// <summary>Seconds of one time patch, 0.16.</summary>
    public const double SecondsPerPatch = (double)ModelEncoder.PatchSize * FrontEndSettings.Hop / FrontEndSettings.SampleRate;

    /// <summary>
    /// Values of a time patch: 5 x width, frequency-major as in <see cref="StemEmbedding.Vector"/>; 0 while the sequence is empty.
    /// </summary>
    public int PatchLength { get; private set; }

    /// <summary>Number of time patches.</summary>
    public int Count => _patches?.Count ?? 0;

    /// <summary>The time patches, [<see cref="Count"/>, <see cref="PatchLength"/>]; valid until the next <see cref="Add"/>.</summary>
    public ReadOnlySpan<float> Values => _values ??= ToArray();

    /// <inheritdoc/>
    public void Add(PatchWindows windows)
    {
        ReadOnlySpan<float> patches = windows.Patches;
        int width = windows.Width, timePatches = windows.TimePatches;
        PatchLength = ModelEncoder.FrequencyPatches * width;
        _patches ??= new RowBlocks(PatchLength);
        _values = _units = null;
        for (int window = 0; window < windows.Count; window++)
        {
            for (int time = 0; time < timePatches; time++)
            {
                Span<float> values = _patches.Add();
                for (int frequency = 0; frequency < ModelEncoder.FrequencyPatches; frequency++)
                {
                    int patch = (window * ModelEncoder.FrequencyPatches + frequency) * timePatches + time;
                    patches.Slice(patch * width, width).CopyTo(values[(frequency * width)..]);
                }
            }
        }
    }

    /// <summary>
    /// The similarity in time (frame-wise) of two recordings that start together: the mean over the time patches that both have of the
    /// cosine of their layer-normed time patches, -1..1; 0 if one of them has none. Symmetric.
    /// </summary>
    /// <exception cref="StemJepaException">
    /// The sequences have time patches of different length: they come from different models.
    /// </exception>
    public float Similarity(PatchSequence other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Similarity(other, default);
    }

    /// <summary>As <see cref="Similarity(PatchSequence)"/>; what is computed of this sequence is kept for the next one.</summary>
    internal float Similarity(PatchSequence other, CancellationToken cancellationToken)
    {
        int shared = Math.Min(Count, other.Count);
        if (shared == 0)
            return 0;
        if (PatchLength != other.PatchLength)
        {
            throw new StemJepaException(
                $"Time patches of {PatchLength} and {other.PatchLength} values come from different models: embed both recordings with "
                + "the same one.",
                StemJepaErrorKind.ModelMismatch);
        }
        int length = shared * PatchLength;
        _units ??= ToUnitVectors(cancellationToken);
        return float.Clamp(
            DotProduct.Compute(_units.AsSpan(0, length), other.ToUnitVectors(cancellationToken).AsSpan(0, length)) / shared, -1f, 1f);
    }

    /// <summary>A copy of <see cref="Values"/>.</summary>
    internal float[] ToArray(CancellationToken cancellationToken = default) => _patches?.ToArray(cancellationToken) ?? [];

    /// <summary>
    /// Each time patch layer-normed without weights and scaled to length 1, [<see cref="Count"/>, <see cref="PatchLength"/>]; zero where it
    /// is constant.
    /// </summary>
    internal float[] ToUnitVectors(CancellationToken cancellationToken = default) =>
        _patches?.Convert(EmbeddingNorm.WriteUnit, cancellationToken) ?? [];
}
