namespace StemJepa;

/// <summary>
/// Conforms recordings to a mix: finds the tempo, the transposition and the start at which a candidate fits as the stem that the mix lacks.
/// Onsets and pitch classes that both have in common choose a few ways, and the affinity in time after fitting decides among these. All
/// members are thread-safe; after <see cref="Dispose"/> every call throws <see cref="ObjectDisposedException"/>, and calls that are under
/// way finish.
/// </summary>
public sealed class StemFitter : IDisposable
{
    private const int RhythmsTried = 250, TrialsJudged = 24;

    private readonly IStemAffinity _model;
    private readonly StemAnalyzer _analyzer;
    private readonly UseGate _gate;

    private StemFitter(IStemAffinity model, StemAnalyzer analyzer, bool ownsAnalyzer)
    {
        (_model, _analyzer) = (model, analyzer);
        _gate = new UseGate(ownsAnalyzer ? analyzer.Dispose : () => { }, nameof(StemFitter));
    }

    /// <summary>Creates a fitter.</summary>
    /// <param name="model">The model, which stays its owner's and must live as long as this.</param>
    /// <param name="analyzer">An analyser of that model, which stays its owner's and must live as long as this.</param>
    public static StemFitter Create(IStemAffinity model, StemAnalyzer analyzer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(analyzer);
        return new StemFitter(model, analyzer, ownsAnalyzer: false);
    }

    /// <summary>Creates a fitter with the heads that the library carries, for the model that it carries.</summary>
    /// <param name="model">The model, which stays its owner's and must live as long as this.</param>
    /// <exception cref="StemJepaException">The model is another one, or ONNX Runtime is missing.</exception>
    public static StemFitter Create(IStemAffinity model) => new(model, StemAnalyzer.Create(model), ownsAnalyzer: true);

    /// <summary>Analyses a mix once, so that many candidates can be fitted to it.</summary>
    /// <param name="mix">The mix.</param>
    /// <param name="stem">The stem that it lacks.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="StemJepaException">
    /// The audio cannot be used (empty, or not finite), or the model does not know the stem.
    /// </exception>
    public FitMix Prepare(AudioClip mix, Stem stem, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mix);
        _gate.Enter();
        try
        {
            AudioClip clip = mix.Resample(FrontEndSettings.SampleRate);
            var predicted = new PatchSequence();
            _model.Predict(clip.OpenReader(), stem, predicted, cancellationToken);
            StemAnalysis analysis = _analyzer.Analyze(clip, cancellationToken);
            return new FitMix(stem, analysis, mix.Duration, FitFeatures.Extract(clip.Samples.ToArray(), analysis, cancellationToken),
                predicted.ToUnitVectors(cancellationToken), predicted.PatchLength);
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <summary>Fits a candidate to a mix.</summary>
    /// <param name="mix">The mix, prepared by a fitter of the same model.</param>
    /// <param name="candidate">The candidate.</param>
    /// <param name="options">What may be done to the candidate; null for all of it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="StemJepaException">The audio cannot be used (empty, or not finite), or the mix is another model's.</exception>
    public StemFit Fit(FitMix mix, AudioClip candidate, StemFitOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mix);
        ArgumentNullException.ThrowIfNull(candidate);
        options ??= new StemFitOptions();
        options.Check();
        _gate.Enter();
        try
        {
            return StemAffinityExtensions.Named("The candidate", () => Run(mix, candidate, options, cancellationToken));
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <summary>Prepares a mix and fits one candidate to it.</summary>
    /// <inheritdoc cref="Fit(FitMix, AudioClip, StemFitOptions?, CancellationToken)"/>
    /// <param name="mix">The mix.</param>
    /// <param name="candidate">The candidate.</param>
    /// <param name="stem">The stem that the mix lacks.</param>
    /// <param name="options">What may be done to the candidate; null for all of it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public StemFit Fit(AudioClip mix, AudioClip candidate, Stem stem, StemFitOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Fit(Prepare(mix, stem, cancellationToken), candidate, options, cancellationToken);

    /// <summary>As <see cref="Fit(FitMix, AudioClip, StemFitOptions?, CancellationToken)"/>, off the calling thread.</summary>
    public Task<StemFit> FitAsync(FitMix mix, AudioClip candidate, StemFitOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Task.Run(() => Fit(mix, candidate, options, cancellationToken), cancellationToken);

    /// <summary>As <see cref="Fit(AudioClip, AudioClip, Stem, StemFitOptions?, CancellationToken)"/>, off the calling thread.</summary>
    public Task<StemFit> FitAsync(AudioClip mix, AudioClip candidate, Stem stem, StemFitOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Task.Run(() => Fit(mix, candidate, stem, options, cancellationToken), cancellationToken);

    /// <summary>Releases what is its own, after the calls that are under way.</summary>
    public void Dispose() => _gate.Dispose();

    private StemFit Run(FitMix mix, AudioClip candidate, StemFitOptions options, CancellationToken cancellationToken)
    {
        AudioClip clip = candidate.Resample(FrontEndSettings.SampleRate);
        StemAnalysis analysis = _analyzer.Analyze(clip.OpenReader(), out HeadFeatures heads, cancellationToken);
        FitFeatures features = FitFeatures.Extract(clip.Samples.ToArray(), analysis, cancellationToken);
        float[] weights = FitWeights.For(mix.Stem);
        var search = new FitSearch(mix, features, options, weights);
        IReadOnlyList<FitEvidence> found = search.Find(RhythmsTried, TrialsJudged, cancellationToken);
        found = new FitJudge(_model, mix).Judge(features.Samples, found, cancellationToken);
        FitEvidence best = search.Refine(found.MaxBy(evidence => evidence.Score(weights))!);
        FitTrial trial = best.Trial;
        return new StemFit
        {
            Stem = mix.Stem,
            Semitones = trial.Semitones,
            TempoRatio = trial.Ratio,
            Start = TimeSpan.FromSeconds(trial.Start),
            Length = candidate.Duration / trial.Ratio,
            AffinityBefore = AffinityBefore(mix, heads),
            Affinity = best.Values[(int)FitFeature.Affinity],
            Score = (float)best.Score(weights),
            Rhythm = Math.Clamp(best.Values[(int)FitFeature.Rhythm], -1, 1),
            IsLoop = candidate.Duration / trial.Ratio < mix.Duration && LoopLength.IsLoop(
                candidate.Duration.TotalSeconds / trial.Ratio, TimeSpan.FromMinutes(1) / mix.Beat, mix.Analysis.Beats.Count),
            IsSilent = analysis.IsSilent,
            IsMixSilent = mix.Analysis.IsSilent,
            IsMixTooShort = mix.Duration.TotalSeconds < PatchSequence.SecondsPerPatch,
            MixTempo = mix.Analysis.Tempo,
            CandidateTempo = analysis.Tempo,
            MixKey = mix.Analysis.Key,
            CandidateKey = analysis.Key,
        }.InWholeBeats(mix, options);
    }

    /// <summary>That of the candidate as it is, beginning with the mix.</summary>
    private static float AffinityBefore(FitMix mix, HeadFeatures heads)
    {
        int length = mix.PatchLength, shared = Math.Min(mix.Predicted.Length, heads.Columns.Length) / length;
        var unit = new float[length];
        double sum = 0;
        for (int patch = 0; patch < shared; patch++)
        {
            EmbeddingNorm.WriteUnit(heads.Columns.AsSpan(patch * length, length), unit);
            sum += DotProduct.Compute(mix.Predicted.AsSpan(patch * length, length), unit);
        }
        return shared == 0 ? 0 : (float)Math.Clamp(sum / shared, -1, 1);
    }
}
