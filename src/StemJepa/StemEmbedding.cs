namespace StemJepa;

/// <summary>
/// Where a recording, or the stem that a mix lacks, lies in a model's embedding space: 5 x width values, the mean over time of its patches.
/// Immutable and thread-safe. Embeddings of different models cannot be compared.
/// </summary>
public sealed class StemEmbedding
{
    /// <summary>The most values that an embedding may have.</summary>
    private const int MaximumLength = 1 << 20;

    /// <summary>The peak, +24 dB, that no mix of music in floats reaches, and that music in unscaled integers is beyond.</summary>
    internal const float LoudestPeak = 16;

    private readonly float[] _vector;
    private float[]? _direction;

    /// <summary>Copies a vector into an embedding.</summary>
    /// <param name="vector">5 x width finite values, frequency-major: index = frequency patch x width + channel.</param>
    /// <param name="duration">Length of the embedded recording, if it is known.</param>
    /// <param name="isSilent">Whether every sample of the recording was zero or nearly so.</param>
    /// <param name="modelHash"><see cref="ModelInfo.Hash"/> of the model that computed it; null or empty if that is not known.</param>
    /// <exception cref="ArgumentException">The length is not a positive multiple of 5, or a value is not finite.</exception>
    public StemEmbedding(ReadOnlySpan<float> vector, TimeSpan? duration = null, bool isSilent = false, string? modelHash = null)
        : this(vector.ToArray(), duration, isSilent, modelHash) { }

    private StemEmbedding(float[] vector, TimeSpan? duration, bool isSilent, string? modelHash)
    {
        if (!IsLength(vector.Length))
        {
            throw new ArgumentException(
                $"An embedding has {ModelEncoder.FrequencyPatches} x width values, up to {MaximumLength}, not {vector.Length}.",
                nameof(vector));
        }
        if (IndexOfNonFinite(vector) is int index and >= 0)
            throw new ArgumentException($"Value {index} of the embedding is {vector[index]}, and all must be finite.", nameof(vector));
        _vector = vector;
        Duration = duration;
        IsSilent = isSilent;
        ModelHash = string.IsNullOrEmpty(modelHash) ? null : modelHash;
    }

    /// <summary>An embedding that takes over <paramref name="vector"/>, which nobody may write to afterwards.</summary>
    internal static StemEmbedding Own(float[] vector, TimeSpan duration, bool isSilent, string modelHash, float? peak = null) =>
        new(vector, (TimeSpan?)duration, isSilent, modelHash) { IsBeyondFullScale = peak > LoudestPeak };

    /// <summary>The values, frequency-major (index = frequency patch x width + channel), not normalised.</summary>
    public ReadOnlyMemory<float> Vector => _vector;

    /// <summary>
    /// The layer-normed <see cref="Vector"/>, scaled to length 1, or zeros for a constant vector: the dot product of two, as well as their
    /// cosine, is their <see cref="Similarity"/>. This is what to keep in a vector database.
    /// </summary>
    public ReadOnlyMemory<float> UnitVector => Direction;

    /// <summary>Length of the embedded recording; null if it is not known.</summary>
    public TimeSpan? Duration { get; }

    /// <summary>Whether the recording was silent, so that its affinities say nothing.</summary>
    public bool IsSilent { get; }

    /// <summary>
    /// Whether the recording's samples were far beyond full scale, more than 16 times: as a rule integers that were not divided by their
    /// largest value, so that the embedding is not that of the music. Not kept in files.
    /// </summary>
    public bool IsBeyondFullScale { get; private init; }

    /// <summary>
    /// <see cref="ModelInfo.Hash"/> of the model that computed the embedding; null if it is not known, as in files of other programs.
    /// </summary>
    public string? ModelHash { get; }

    /// <summary>
    /// How close two embeddings are: the cosine of the two vectors after layer normalisation without weights (paper, section 4.1), -1..1.
    /// Symmetric; a gain or an offset of either vector does not change it; 0 if either vector is constant.
    /// </summary>
    /// <exception cref="StemJepaException">The embeddings come from different models: their hashes or their lengths differ.</exception>
    public float Similarity(StemEmbedding other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other._vector.Length != _vector.Length)
        {
            throw new StemJepaException(
                $"Embeddings of {_vector.Length} and {other._vector.Length} values come from different models: embed both recordings "
                + "with the same one.",
                StemJepaErrorKind.ModelMismatch);
        }
        if (ModelHash is not null && other.ModelHash is not null && ModelHash != other.ModelHash)
        {
            throw new StemJepaException(
                $"Embeddings of the models {Shorten(ModelHash)} and {Shorten(other.ModelHash)} cannot be compared: embed both "
                + "recordings with the same one.",
                StemJepaErrorKind.ModelMismatch);
        }
        return float.Clamp(DotProduct.Compute(Direction, other.Direction), -1f, 1f);
    }

    /// <summary>
    /// Writes <see cref="Vector"/> as a one-dimensional float32 <c>.npy</c> file, whole or not at all. After the array, where NumPy does
    /// not look, the file also keeps <see cref="ModelHash"/>, <see cref="Duration"/> and <see cref="IsSilent"/>.
    /// </summary>
    /// <exception cref="StemJepaException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        NpyFile.Write(path, _vector, new EmbeddingNote(ModelHash, Duration?.TotalSeconds, IsSilent));
    }

    /// <summary>Reads an embedding that <see cref="Save"/>, or NumPy, wrote; what a file of NumPy does not state stays unknown.</summary>
    /// <exception cref="StemJepaException">
    /// The file is missing, is not a whole one-dimensional float32 <c>.npy</c> file, or holds no embedding.
    /// </exception>
    public static StemEmbedding Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        (float[] vector, EmbeddingNote note) = NpyFile.Read(path, MaximumLength);
        if (!IsLength(vector.Length))
        {
            throw new StemJepaException(
                $"{path} holds {vector.Length} values, and an embedding has {ModelEncoder.FrequencyPatches} x width: name a file that "
                + "StemEmbedding.Save wrote.");
        }
        if (IndexOfNonFinite(vector) is int index and >= 0)
            throw new StemJepaException(
                $"{path} holds {vector[index]} at index {index}, and all values must be finite: embed the recording again.");
        return new StemEmbedding(vector, note.Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null, note.Silent, note.Model);
    }

    /// <summary>The layer-normed vector, scaled to length 1; zero for a constant vector. Computed once, when first asked for.</summary>
    internal float[] Direction => _direction ??= ComputeDirection();

    private static bool IsLength(int length) => length is > 0 and <= MaximumLength && length % ModelEncoder.FrequencyPatches == 0;

    private static string Shorten(string hash) => hash.Length > 12 ? hash[..12] : hash;

    private float[] ComputeDirection()
    {
        var direction = new float[_vector.Length];
        EmbeddingNorm.WriteUnit(_vector, direction);
        return direction;
    }

    private static int IndexOfNonFinite(ReadOnlySpan<float> vector)
    {
        for (int i = 0; i < vector.Length; i++)
        {
            if (!float.IsFinite(vector[i]))
                return i;
        }
        return -1;
    }
}
