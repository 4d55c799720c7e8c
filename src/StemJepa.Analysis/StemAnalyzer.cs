namespace StemJepa;

/// <summary>
/// Estimates key, tempo, beats, stem and instrument family of a recording, by small networks (heads) on the embedding, the mel bands and
/// the chroma. All members are thread-safe; after <see cref="Dispose"/> every call throws <see cref="ObjectDisposedException"/>, and calls
/// that are under way finish.
/// </summary>
public sealed class StemAnalyzer : IDisposable
{
    private readonly IStemAffinity _model;
    private readonly AnalysisHeads _heads;
    private readonly UseGate _gate;

    private StemAnalyzer(IStemAffinity model, HeadsSource source, int threads)
    {
        _model = model;
        _heads = new AnalysisHeads(source, model.Model, threads);
        _gate = new UseGate(_heads.Dispose, nameof(StemAnalyzer));
    }

    /// <summary>Loads the heads that the library carries, for the model that it carries.</summary>
    /// <param name="model">The model, which stays its owner's and must live as long as this analyser.</param>
    /// <param name="threads">Threads that a head uses, as <see cref="StemAffinityOptions.Threads"/>; 0 means all cores.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of threads is out of range.</exception>
    /// <exception cref="StemJepaException">The model is another one, or ONNX Runtime is missing.</exception>
    public static StemAnalyzer Create(IStemAffinity model, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new StemAnalyzer(model, HeadsSource.Shipped, threads);
    }

    /// <summary>Loads the heads in a model folder.</summary>
    /// <param name="model">The model of that folder, which stays its owner's and must live as long as this analyser.</param>
    /// <param name="folder">The model folder, with <c>heads.json</c>.</param>
    /// <param name="threads">Threads that a head uses, as <see cref="StemAffinityOptions.Threads"/>; 0 means all cores.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of threads is out of range.</exception>
    /// <exception cref="StemJepaException">There are no heads, they are damaged, or they belong to another model.</exception>
    public static StemAnalyzer Load(IStemAffinity model, string folder, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new StemAnalyzer(model, HeadsSource.FromFolder(folder), threads);
    }

    /// <summary>Analyses a recording. Beats are resolved to 10 ms; memory grows with the recording, some 2 MB per minute.</summary>
    /// <param name="recording">Read to its end, and not disposed.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="StemJepaException">The audio cannot be used (empty, or not finite).</exception>
    public StemAnalysis Analyze(AudioReader recording, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recording);
        return Analyze(recording, out _, cancellationToken);
    }

    /// <summary>Analyses a recording, and gives what the analysis saw of it.</summary>
    internal StemAnalysis Analyze(AudioReader recording, out HeadFeatures features, CancellationToken cancellationToken)
    {
        _gate.Enter();
        try
        {
            features = HeadFeatures.Extract(_model, recording, cancellationToken);
            return _heads.Analyze(features, cancellationToken);
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <inheritdoc cref="Analyze(AudioReader, CancellationToken)"/>
    public StemAnalysis Analyze(AudioClip recording, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recording);
        return Analyze(recording.OpenReader(), cancellationToken);
    }

    /// <summary>As <see cref="Analyze(AudioClip, CancellationToken)"/>, off the calling thread.</summary>
    public Task<StemAnalysis> AnalyzeAsync(AudioClip recording, CancellationToken cancellationToken = default) =>
        Task.Run(() => Analyze(recording, cancellationToken), cancellationToken);

    /// <summary>Releases the heads, after the calls that are under way.</summary>
    public void Dispose() => _gate.Dispose();
}
