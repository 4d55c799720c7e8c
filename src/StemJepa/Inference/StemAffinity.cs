namespace StemJepa;

/// <summary>
/// A loaded Stem-JEPA model. Load it once and share it: all members are thread-safe, the networks are shared by all callers, and the buffers of
/// finished calls are used again. After <see cref="Dispose"/> every call throws <see cref="ObjectDisposedException"/>; calls that are under way finish.
/// </summary>
public sealed class StemAffinity : IStemAffinity
{
    private readonly SharedNetworks _networks;
    private readonly StemEmbedder _embedder;
    private readonly Lazy<AnalysisHeads> _heads;
    private readonly UseGate _gate;

    private StemAffinity(IModelSource source, StemAffinityOptions? options)
    {
        Model = source.ReadInfo();
        options ??= new StemAffinityOptions();
        _networks = new SharedNetworks(source, Model, options);
        _embedder = new StemEmbedder(_networks, Model);
        HasHeads = source.ReadBeside(HeadsInfo.FileName) is not null;
        _heads = new Lazy<AnalysisHeads>(() => new AnalysisHeads(source, Model, options));
        _gate = new UseGate(Release, nameof(StemAffinity));
    }

    /// <inheritdoc/>
    public ModelInfo Model { get; }

    /// <inheritdoc/>
    public bool HasHeads { get; }

    /// <summary>Where the networks run: <see cref="ExecutionProvider.Cpu"/> or <see cref="ExecutionProvider.Cuda"/>.</summary>
    public ExecutionProvider ExecutionProvider => _networks.Provider;

    /// <summary>Loads the model that the library carries.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="StemJepaException">ONNX Runtime is missing, or CUDA was demanded and cannot be used.</exception>
    public static StemAffinity Create(StemAffinityOptions? options = null) => new(new EmbeddedModel(), options);

    /// <summary>Loads a model folder, the output of StemJepa.Export, after checking the SHA-256 of its files.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="StemJepaException">
    /// A file of the folder is missing, truncated or altered, ONNX Runtime is missing, or CUDA was demanded and cannot be used.
    /// </exception>
    public static StemAffinity Load(string folder, StemAffinityOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new StemAffinity(new ModelFolder(folder), options);
    }

    /// <inheritdoc/>
    public StemEmbedding Embed(AudioClip recording) => Embed(recording, null, "The recording", CancellationToken.None);

    /// <inheritdoc/>
    public StemEmbedding Embed(AudioReader recording, CancellationToken cancellationToken = default) =>
        Embed(recording, null, "The recording", cancellationToken);

    /// <inheritdoc/>
    public StemEmbedding Predict(AudioClip mix, Stem missing) => Embed(mix, Defined(missing), "The mix", CancellationToken.None);

    /// <inheritdoc/>
    public StemEmbedding Predict(AudioReader mix, Stem missing, CancellationToken cancellationToken = default) =>
        Embed(mix, Defined(missing), "The mix", cancellationToken);

    /// <inheritdoc/>
    public float Affinity(AudioClip mix, AudioClip candidate, Stem stem, AffinityComparison comparison = AffinityComparison.Mean) => comparison switch
    {
        AffinityComparison.Mean => Predict(mix, stem).Similarity(Embed(candidate, null, "The candidate", CancellationToken.None)),
        AffinityComparison.Aligned => PatchCorrelation.AtZero(PredictPatches(mix, stem).Patches, Patches(candidate, null, "The candidate").Patches),
        _ => throw new ArgumentOutOfRangeException(nameof(comparison), comparison, "The comparison is Mean or Aligned."),
    };

    /// <inheritdoc/>
    public StemAlignment Align(AudioClip mix, AudioClip candidate, Stem stem) =>
        Read(mix, mixReader => Read(candidate, candidateReader => Align(mixReader, candidateReader, stem), nameof(candidate)), nameof(mix));

    /// <inheritdoc/>
    public StemAlignment Align(AudioReader mix, AudioReader candidate, Stem stem, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mix);
        ArgumentNullException.ThrowIfNull(candidate);
        Stem missing = Defined(stem);
        HeardRecording ofMix = HeardRecording.Of(mix, Model.Encoder.Width, (cut, sums) => Embed(cut, missing, "The mix", cancellationToken, sums));
        HeardRecording ofCandidate = HeardRecording.Of(candidate, Model.Encoder.Width, (cut, sums) => Embed(cut, null, "The candidate", cancellationToken, sums));
        return StemAlignment.Of(ofMix, ofCandidate, missing);
    }

    /// <inheritdoc/>
    public StemAnalysis Analyze(AudioClip recording) => Read(recording, reader => Analyze(reader), nameof(recording));

    /// <inheritdoc/>
    public StemAnalysis Analyze(AudioReader recording, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recording);
        _gate.Enter();
        try
        {
            AnalysisHeads heads = _heads.Value;
            return heads.Analyze(Hear(recording, cancellationToken));
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<RankedStem> Rank(AudioClip mix, IReadOnlyList<AudioClip> candidates, Stem stem) =>
        Rank(mix, candidates, stem, null, CancellationToken.None);

    /// <inheritdoc/>
    public IReadOnlyList<RankedStem> Rank(StemEmbedding prediction, IReadOnlyList<StemEmbedding> candidates)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        CheckCandidates(candidates);
        var affinities = new float[candidates.Count];
        for (int i = 0; i < affinities.Length; i++)
            affinities[i] = prediction.Similarity(candidates[i]);
        return AffinityOrder.Rank(affinities);
    }

    /// <inheritdoc/>
    public Task<StemEmbedding> EmbedAsync(AudioClip recording, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recording);
        return Task.Run(() => Embed(recording, null, "The recording", cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<StemEmbedding> PredictAsync(AudioClip mix, Stem missing, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mix);
        Stem stem = Defined(missing);
        return Task.Run(() => Embed(mix, stem, "The mix", cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RankedStem>> RankAsync(AudioClip mix, IReadOnlyList<AudioClip> candidates, Stem stem,
        IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mix);
        CheckCandidates(candidates);
        Stem missing = Defined(stem);
        return Task.Run(() => Rank(mix, candidates, missing, progress, cancellationToken), cancellationToken);
    }

    /// <inheritdoc cref="SharedNetworks.WasCrowded"/>
    internal bool WasCrowded => _networks.WasCrowded;

    /// <summary>As <see cref="Embed(AudioClip)"/>, and the patches in time that the embedding is the mean of.</summary>
    internal (StemEmbedding Mean, PatchSequence Patches) EmbedPatches(AudioClip recording) => Patches(recording, null, "The recording");

    /// <summary>As <see cref="Predict(AudioClip, Stem)"/>, and the predicted patches in time that the prediction is the mean of.</summary>
    internal (StemEmbedding Mean, PatchSequence Patches) PredictPatches(AudioClip mix, Stem missing) => Patches(mix, Defined(missing), "The mix");

    /// <summary>What heads are shown of a recording.</summary>
    internal HeadFeatures Hear(AudioClip recording) => Read(recording, reader => Hear(reader, CancellationToken.None), nameof(recording));

    /// <summary>Releases the networks, after the calls that are under way.</summary>
    public void Dispose() => _gate.Dispose();

    private HeadFeatures Hear(AudioReader recording, CancellationToken cancellationToken)
    {
        var patches = new PatchSequence(Model.Encoder.Width);
        var melDynamics = new MelDynamics();
        var chromagram = new Chromagram(Chromagram.Hop);
        var listened = new ListeningReader(new ResamplingReader(recording, FrontEndSettings.SampleRate), chromagram.Add);
        StemEmbedding embedding = _embedder.Embed(listened, null, "The recording", cancellationToken, patches, melDynamics);
        return new HeadFeatures(embedding, patches.ToArray(), melDynamics.ToArray(), chromagram.End());
    }

    private void Release()
    {
        _embedder.Dispose();
        _networks.Dispose();
        if (_heads.IsValueCreated)
            _heads.Value.Dispose();
    }

    private IReadOnlyList<RankedStem> Rank(AudioClip mix, IReadOnlyList<AudioClip> candidates, Stem stem, IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        CheckCandidates(candidates);
        StemEmbedding prediction = Embed(mix, Defined(stem), "The mix", cancellationToken);
        var embeddings = new StemEmbedding[candidates.Count];
        for (int i = 0; i < embeddings.Length; i++)
        {
            embeddings[i] = Embed(candidates[i], null, $"Candidate {i}", cancellationToken);
            progress?.Report(i + 1);
        }
        return Rank(prediction, embeddings);
    }

    private (StemEmbedding Mean, PatchSequence Patches) Patches(AudioClip clip, Stem? missing, string subject)
    {
        var patches = new PatchSequence(Model.Encoder.Width);
        return (Embed(clip, missing, subject, CancellationToken.None, patches), patches);
    }

    private StemEmbedding Embed(AudioClip clip, Stem? missing, string subject, CancellationToken cancellationToken, PatchSequence? patches = null) =>
        Read(clip, reader => Embed(reader, missing, subject, cancellationToken, patches), nameof(clip));

    /// <summary>Opens a clip, named <paramref name="name"/> should it be null, for as long as <paramref name="read"/> runs.</summary>
    private static T Read<T>(AudioClip clip, Func<AudioReader, T> read, string name)
    {
        ArgumentNullException.ThrowIfNull(clip, name);
        using AudioReader reader = clip.OpenReader();
        return read(reader);
    }

    private StemEmbedding Embed(AudioReader reader, Stem? missing, string subject, CancellationToken cancellationToken, PatchSequence? patches = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _gate.Enter();
        try
        {
            return _embedder.Embed(reader, missing, subject, cancellationToken, patches);
        }
        finally
        {
            _gate.Leave();
        }
    }

    private static Stem Defined(Stem stem) => Enum.IsDefined(stem)
        ? stem
        : throw new ArgumentOutOfRangeException(nameof(stem), stem, $"The stem is one of {string.Join(", ", ModelInfo.StemNames)}.");

    private static void CheckCandidates<T>(IReadOnlyList<T> candidates) where T : class
    {
        ArgumentNullException.ThrowIfNull(candidates);
        if (candidates.Count == 0)
            throw new ArgumentException("There are no candidates: give at least one.", nameof(candidates));
        if (candidates.Contains(null))
            throw new ArgumentException("A candidate is null.", nameof(candidates));
    }
}
