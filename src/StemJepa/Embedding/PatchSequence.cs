using System.Runtime.InteropServices;

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
    private readonly List<float> _values = [];

    /// <summary>Seconds of one time patch, 0.16.</summary>
    public const double SecondsPerPatch = (double)ModelEncoder.PatchSize * FrontEndSettings.Hop / FrontEndSettings.SampleRate;

    /// <summary>
    /// Values of a time patch: 5 x width, frequency-major as in <see cref="StemEmbedding.Vector"/>; 0 while the sequence is empty.
    /// </summary>
    public int PatchLength { get; private set; }

    /// <summary>Number of time patches.</summary>
    public int Count => PatchLength == 0 ? 0 : _values.Count / PatchLength;

    /// <summary>The time patches, [<see cref="Count"/>, <see cref="PatchLength"/>]; valid until the next <see cref="Add"/>.</summary>
    public ReadOnlySpan<float> Values => CollectionsMarshal.AsSpan(_values);

    /// <inheritdoc/>
    public void Add(PatchWindows windows)
    {
        ReadOnlySpan<float> patches = windows.Patches;
        int width = windows.Width, timePatches = windows.TimePatches, first = Count;
        PatchLength = ModelEncoder.FrequencyPatches * width;
        CollectionsMarshal.SetCount(_values, _values.Count + patches.Length);
        Span<float> values = CollectionsMarshal.AsSpan(_values);
        for (int window = 0; window < windows.Count; window++)
        {
            for (int frequency = 0; frequency < ModelEncoder.FrequencyPatches; frequency++)
            {
                for (int time = 0; time < timePatches; time++)
                {
                    int patch = first + window * timePatches + time;
                    patches[..width].CopyTo(values[(patch * PatchLength + frequency * width)..]);
                    patches = patches[width..];
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
        return float.Clamp(DotProduct.Compute(ToUnitVectors().AsSpan(0, length), other.ToUnitVectors().AsSpan(0, length)) / shared, -1f,
            1f);
    }

    /// <summary>
    /// Each time patch layer-normed without weights and scaled to length 1, [<see cref="Count"/>, <see cref="PatchLength"/>]; zero where it
    /// is constant.
    /// </summary>
    internal float[] ToUnitVectors(CancellationToken cancellationToken = default)
    {
        ReadOnlySpan<float> values = Values;
        float[] units = GC.AllocateUninitializedArray<float>(values.Length);
        for (int start = 0; start < units.Length; start += PatchLength)
        {
            cancellationToken.ThrowIfCancellationRequested();
            EmbeddingNorm.WriteUnit(values.Slice(start, PatchLength), units.AsSpan(start, PatchLength));
        }
        return units;
    }
}
