namespace StemJepa;

/// <summary>
/// Where a recording, or the stem that a mix lacks, lies in a model's embedding space: 5 x width values, the mean over time of its patches.
/// Immutable and thread-safe. Embeddings of different models must not be compared.
/// </summary>
public sealed class StemEmbedding
{
    /// <summary>The most values that an embedding may have.</summary>
    private const int MaximumLength = 1 << 20;

    /// <summary>Relative deviation from the mean below which a vector counts as constant: far under float's resolution, over double's.</summary>
    private const double DoubleRounding = 1e-12;

    private readonly float[] _vector;
    private float[]? _direction;

    /// <summary>Copies a vector into an embedding.</summary>
    /// <param name="vector">5 x width finite values, frequency-major: index = frequency patch x width + channel.</param>
    /// <param name="seconds">Length of the embedded recording, if it is known.</param>
    /// <param name="isSilent">Whether every sample of the recording was zero or nearly so.</param>
    /// <exception cref="ArgumentException">The length is not a positive multiple of 5, or a value is not finite.</exception>
    public StemEmbedding(ReadOnlySpan<float> vector, double? seconds = null, bool isSilent = false) : this(vector.ToArray(), seconds, isSilent) { }

    private StemEmbedding(float[] vector, double? seconds, bool isSilent)
    {
        if (!IsLength(vector.Length))
        {
            throw new ArgumentException(
                $"An embedding has {ModelEncoder.FrequencyPatches} x width values, up to {MaximumLength}, not {vector.Length}.", nameof(vector));
        }
        if (IndexOfNonFinite(vector) is int index and >= 0)
            throw new ArgumentException($"Value {index} of the embedding is {vector[index]}, and all must be finite.", nameof(vector));
        _vector = vector;
        Seconds = seconds;
        IsSilent = isSilent;
    }

    /// <summary>An embedding that takes over <paramref name="vector"/>, which nobody may write to afterwards.</summary>
    internal static StemEmbedding Owning(float[] vector, double seconds, bool isSilent) => new(vector, (double?)seconds, isSilent);

    /// <summary>The values, frequency-major (index = frequency patch x width + channel), not normalised.</summary>
    public ReadOnlyMemory<float> Vector => _vector;

    /// <summary>
    /// The layer-normed <see cref="Vector"/>, scaled to length 1, or zeros for a constant vector: the dot product of two, as well as their cosine, is
    /// their <see cref="Similarity"/>. This is what to keep in a vector database.
    /// </summary>
    public ReadOnlyMemory<float> UnitVector => Direction;

    /// <summary>Length of the embedded recording in seconds; null after <see cref="Load"/>.</summary>
    public double? Seconds { get; }

    /// <summary>Whether the recording was silent, so that its affinities say nothing; false after <see cref="Load"/>.</summary>
    public bool IsSilent { get; }

    /// <summary>
    /// How close two embeddings are: the cosine of the two vectors after layer normalisation without weights (paper, section 4.1), -1..1.
    /// Symmetric; a gain or an offset of either vector does not change it; 0 if either vector is constant.
    /// </summary>
    /// <exception cref="StemJepaException">The embeddings differ in length: they come from different models.</exception>
    public float Similarity(StemEmbedding other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other._vector.Length != _vector.Length)
        {
            throw new StemJepaException(
                $"Embeddings of {_vector.Length} and {other._vector.Length} values come from different models: embed both recordings with the same one.");
        }
        return float.Clamp(DotProduct.Of(Direction, other.Direction), -1f, 1f);
    }

    /// <summary>Writes <see cref="Vector"/> as a one-dimensional float32 <c>.npy</c> file, whole or not at all.</summary>
    /// <exception cref="StemJepaException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        NpyFile.Write(path, _vector);
    }

    /// <summary>Reads an embedding that <see cref="Save"/>, or NumPy, wrote.</summary>
    /// <exception cref="StemJepaException">The file is missing, is not a whole one-dimensional float32 <c>.npy</c> file, or holds no embedding.</exception>
    public static StemEmbedding Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        float[] vector = NpyFile.Read(path, MaximumLength);
        if (!IsLength(vector.Length))
        {
            throw new StemJepaException(
                $"{path} holds {vector.Length} values, and an embedding has {ModelEncoder.FrequencyPatches} x width: name a file that StemEmbedding.Save wrote.");
        }
        if (IndexOfNonFinite(vector) is int index and >= 0)
            throw new StemJepaException($"{path} holds {vector[index]} at index {index}, and all values must be finite: embed the recording again.");
        return new StemEmbedding(vector);
    }

    /// <summary>The layer-normed vector, scaled to length 1; zero for a constant vector. Computed once, when first asked for.</summary>
    internal float[] Direction => _direction ??= ComputeDirection();

    private static bool IsLength(int length) => length is > 0 and <= MaximumLength && length % ModelEncoder.FrequencyPatches == 0;

    private float[] ComputeDirection()
    {
        var direction = new float[_vector.Length];
        WriteDirection(_vector, direction);
        return direction;
    }

    /// <summary>Writes the layer-normed <paramref name="vector"/>, scaled to length 1, or zeros if it is constant; both may be the same memory.</summary>
    internal static void WriteDirection(ReadOnlySpan<float> vector, Span<float> direction)
    {
        double sum = 0;
        foreach (float value in vector)
            sum += value;
        double mean = sum / vector.Length;

        double energy = 0, peak = 0;
        foreach (float value in vector)
        {
            double centred = value - mean;
            energy += centred * centred;
            peak = Math.Max(peak, Math.Abs(value));
        }

        double roundingError = peak * DoubleRounding;
        if (energy <= vector.Length * roundingError * roundingError)
        {
            direction.Clear();
            return;
        }
        double scale = 1 / Math.Sqrt(energy);
        for (int i = 0; i < direction.Length; i++)
            direction[i] = (float)((vector[i] - mean) * scale);
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
