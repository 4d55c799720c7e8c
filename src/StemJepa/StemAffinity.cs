namespace StemJepa;

/// <summary>
/// A loaded Stem-JEPA model. Load it once and share it: all members are thread-safe, the networks are shared by all callers, and the
/// buffers of finished calls are used again. After <see cref="Dispose"/> every call throws <see cref="ObjectDisposedException"/>; calls
/// that are under way finish.
/// </summary>
public sealed class StemAffinity : IStemAffinity
{
    private readonly SharedNetworks _networks;
    private readonly StemEmbedder _embedder;
    private readonly UseGate _gate;
    private readonly string _hash;

    private StemAffinity(IModelSource source, StemAffinityOptions? options)
    {
        Model = source.ReadInfo();
        _hash = Model.Hash;
        _networks = new SharedNetworks(source, Model, options ?? new StemAffinityOptions());
        _embedder = new StemEmbedder(_networks, Model);
        _gate = new UseGate(Release, nameof(StemAffinity));
    }

    /// <inheritdoc/>
    public ModelInfo Model { get; }

    /// <summary>Where the networks run: <see cref="ExecutionProvider.Cpu"/> or <see cref="ExecutionProvider.Cuda"/>.</summary>
    public ExecutionProvider ExecutionProvider => _networks.Provider;

    /// <summary>Loads the model that the library carries.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="StemJepaException">ONNX Runtime is missing, or CUDA was demanded and cannot be used.</exception>
    public static StemAffinity Create(StemAffinityOptions? options = null) => new(new EmbeddedModel(), options);

    /// <summary>Loads a model folder, the output of StemJepa.Export, after checking the SHA-256 of its files.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="StemJepaException">
    /// A file of the folder is missing, truncated or altered, a network does not load in time, ONNX Runtime is missing, or CUDA was
    /// demanded and cannot be used.
    /// </exception>
    public static StemAffinity Load(string folder, StemAffinityOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new StemAffinity(new ModelFolder(folder), options);
    }

    /// <inheritdoc/>
    public StemEmbedding Embed(AudioReader recording, IPatchSink? patches = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recording);
        return Run(recording, null, "The recording", patches, cancellationToken);
    }

    /// <inheritdoc/>
    public StemEmbedding Predict(AudioReader mix, Stem missing, IPatchSink? patches = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mix);
        return Run(mix, Model.LabelOf(missing), "The mix", patches, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<StemEmbedding> EmbedAsync(AudioReader recording, IPatchSink? patches = null,
        CancellationToken cancellationToken = default) =>
        Task.Run(() => Embed(recording, patches, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<StemEmbedding> PredictAsync(AudioReader mix, Stem missing, IPatchSink? patches = null,
        CancellationToken cancellationToken = default) =>
        Task.Run(() => Predict(mix, missing, patches, cancellationToken), cancellationToken);

    /// <summary>Releases the networks, after the calls that are under way.</summary>
    public void Dispose() => _gate.Dispose();

    private StemEmbedding Run(AudioReader recording, int? missing, string subject, IPatchSink? patches, CancellationToken cancellationToken)
    {
        _gate.Enter();
        try
        {
            EmbedderResult embedded = _embedder.Embed(recording, missing, subject, patches, cancellationToken);
            return StemEmbedding.Own(embedded.Vector, embedded.Duration, embedded.IsSilent, _hash, embedded.Peak);
        }
        finally
        {
            _gate.Leave();
        }
    }

    private void Release()
    {
        _embedder.Dispose();
        _networks.Dispose();
    }
}
