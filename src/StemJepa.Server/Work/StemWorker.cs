using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using StemJepa.Extensions;

namespace StemJepa.Server.Work;

/// <summary>
/// What clients can ask, over HTTP and over MCP: each call waits for its turn and works off the calling thread. Thread-safe.
/// </summary>
internal sealed class StemWorker(
    IStemAffinity model, WorkQueue queue, Lazy<StemAnalyzer> analyzer, Lazy<AffinityBackground?> background,
    IOptions<StemJepaServerOptions> options, IStemCatalog? catalog = null)
{
    /// <summary>Recordings of the catalogue that tell what an affinity means, where no background comes with the model.</summary>
    private readonly PreparedMixes _mixes = new();

    public ModelInfo Model => model.Model;

    /// <summary>The catalogue.</summary>
    /// <exception cref="RequestException">There is none: status 404.</exception>
    public IStemCatalog Catalog => catalog
        ?? throw RequestException.NotFound("This server has no catalogue; start it with one that 'stemjepa index' made.");

    public Task<StemEmbedding> EmbedAsync(Sound recording, CancellationToken cancellationToken) =>
        queue.RunAsync(token => Embed(recording, token), cancellationToken);

    public Task<StemEmbedding> PredictAsync(Sound mix, Stem missing, CancellationToken cancellationToken) =>
        mix.Upload?.Predictions.TryGetValue(missing, out StemEmbedding? known) == true
            ? Task.FromResult(known)
            : queue.RunAsync(token => Predict(mix, missing, token), cancellationToken);

    public Task<StemAnalysis> AnalyzeAsync(Sound recording, CancellationToken cancellationToken) =>
        recording.Upload?.Analysis is { } known
            ? Task.FromResult(known)
            : queue.RunAsync(token => Analyze(recording, token), cancellationToken);

    /// <summary>Ranks files, best first; those that cannot be used are set aside.</summary>
    public Task<Ranking> RankAsync(
        Sound mix, IReadOnlyList<Sound> candidates, Stem stem, bool inTime, IProgress<int>? progress,
            CancellationToken cancellationToken) =>
        queue.RunAsync(token => Rank(mix, candidates, stem, inTime, progress, token), cancellationToken);

    /// <summary>Finds recordings of the catalogue, and fits so many of the best; at least <paramref name="top"/> if there are.</summary>
    /// <exception cref="RequestException">There is no catalogue.</exception>
    public async Task<FitRanking<CatalogMatch>> SearchAsync(Sound mix, Stem stem, int top, CatalogFilter filter, int fit,
        IProgress<int>? progress, CancellationToken cancellationToken)
    {
        IStemCatalog searched = Catalog;
        StemEmbedding prediction = await PredictAsync(mix, stem, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<CatalogMatch> found;
        try
        {
            found = await searched.SearchAsync(prediction, Math.Max(top, fit), filter, cancellationToken).ConfigureAwait(false);
        }
        catch (NotSupportedException) when (filter.IgnorePathCase)
        {
            // Vector stores compare text as it is.
            filter = filter with { IgnorePathCase = false };
            found = await searched.SearchAsync(prediction, Math.Max(top, fit), filter, cancellationToken).ConfigureAwait(false);
        }
        return await FitBestAsync(mix, found, match => Sound.From(match.Entry), stem, fit, progress, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Fits so many of the best candidates to a mix, and orders them by their scores; 0 fits none.</summary>
    public Task<FitRanking<T>> FitBestAsync<T>(Sound mix, IReadOnlyList<T> ranked, Func<T, Sound> soundOf, Stem stem, int most,
        IProgress<int>? progress, CancellationToken cancellationToken) => most == 0
            ? Task.FromResult(new FitRanking<T>([.. ranked.Select(candidate => (candidate, (StemFit?)null))], []))
            : queue.RunAsync(token => FitBest(mix, ranked, soundOf, stem, most, progress, token), cancellationToken);

    /// <summary>
    /// What affinities with a mix mean: those of recordings that do not belong to it, from the model's background, or else from the
    /// catalogue; null where there are too few.
    /// </summary>
    public async Task<AffinityScale?> ScaleAsync(Sound mix, Stem stem, CancellationToken cancellationToken)
    {
        StemEmbedding prediction = await PredictAsync(mix, stem, cancellationToken).ConfigureAwait(false);
        if (background.Value is { } known)
            return known.Scale(prediction, stem);
        if (catalog is null)
            return null;
        IReadOnlyList<CatalogMatch> drawn = await catalog.SampleAsync(
            prediction, AffinityScale.MostDrawn, new CatalogFilter { Stem = stem }, cancellationToken).ConfigureAwait(false);
        return AffinityScale.TryCreate([.. drawn.Select(match => match.Affinity)]);
    }

    public Task<StemAlignment> AlignAsync(Sound mix, Sound candidate, Stem stem, CancellationToken cancellationToken) =>
        queue.RunAsync(token => Read(mix, mixReader =>
            Read(candidate, candidateReader => model.Align(mixReader, candidateReader, stem, token), token), token), cancellationToken);

    /// <summary>Fits a candidate to a mix, and renders it.</summary>
    public Task<Fitted> FitAsync(Sound mix, Sound candidate, Stem stem, StemFitOptions fitting, FitRenderOptions rendering,
        CancellationToken cancellationToken) =>
        queue.RunAsync(token => Fit(mix, candidate, stem, fitting, rendering, token), cancellationToken);

    /// <summary>Completes a mix with recordings of the catalogue, stem by stem; the best arrangements, best first.</summary>
    /// <exception cref="RequestException">There is no catalogue.</exception>
    public Task<IReadOnlyList<Arrangement>> CompleteAsync(Sound mix, IReadOnlyList<Stem> stems, StemCompleterOptions completing,
        IProgress<int>? progress, CancellationToken cancellationToken)
    {
        IStemCatalog searched = Catalog;
        return queue.RunAsync(token => Complete(searched, mix, stems, completing, progress, token), cancellationToken);
    }

    private IReadOnlyList<Arrangement> Complete(IStemCatalog searched, Sound mix, IReadOnlyList<Stem> stems,
        StemCompleterOptions completing, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var found = new ConcurrentDictionary<string, CatalogEntry>(StringComparer.Ordinal);
        return new StemCompleter(model, StemFitter.Create(model, analyzer.Value)).Complete(Load(mix, cancellationToken), stems,
            (prediction, stem, count, token) =>
            {
                var filter = new CatalogFilter { Stem = stem, IncludeUnknownStem = true };
                IReadOnlyList<CatalogMatch> matches = searched.SearchAsync(prediction, count, filter, token).GetAwaiter().GetResult();
                return [.. matches.Where(match => !(match.Entry.Seconds > options.Value.MaximumSeconds))
                    .Select(match => found.GetOrAdd(match.Entry.Id, match.Entry).Id)];
            },
            id => LoadEntry(found[id], cancellationToken), completing, done => progress?.Report(done), cancellationToken);
    }

    /// <exception cref="StemJepaException">Its file is gone, cannot be used, or is too long.</exception>
    private MultichannelClip LoadEntry(CatalogEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            return Load(Sound.From(entry), cancellationToken);
        }
        catch (RequestException error)
        {
            throw new StemJepaException(error.Message, error, StemJepaErrorKind.NotFound);
        }
    }

    private Fitted Fit(
        Sound mix, Sound candidate, Stem stem, StemFitOptions fitting, FitRenderOptions rendering, CancellationToken cancellationToken)
    {
        StemFitter fitter = StemFitter.Create(model, analyzer.Value);
        MultichannelClip mixClip = Load(mix, cancellationToken), candidateClip = Load(candidate, cancellationToken);
        FitMix prepared = _mixes.GetOrAdd(
            mix.Upload?.Id, stem, () => fitter.Prepare(mixClip.ToMono(), stem, cancellationToken), cancellationToken);
        StemFit fit = fitter.Fit(prepared, candidateClip.ToMono(), fitting, cancellationToken);
        return new Fitted(FittedAudio.Render(fit, mixClip, candidateClip, rendering, cancellationToken), mixClip,
            FitWarnings.Find(mix.Name, [(candidate.Name, fit)]));
    }

    private FitRanking<T> FitBest<T>(Sound mix, IReadOnlyList<T> ranked, Func<T, Sound> soundOf, Stem stem, int most,
        IProgress<int>? progress, CancellationToken cancellationToken)
    {
        int done = 0;
        StemFitter fitter = StemFitter.Create(model, analyzer.Value);
        FitMix prepared = _mixes.GetOrAdd(
            mix.Upload?.Id, stem, () => fitter.Prepare(Load(mix, cancellationToken).ToMono(), stem, cancellationToken),
            cancellationToken);
        return FitRanking<T>.Create(ranked, most, candidate =>
        {
            try
            {
                return fitter.Fit(prepared, Load(soundOf(candidate), cancellationToken).ToMono(), null, cancellationToken);
            }
            catch (RequestException error)
            {
                throw new StemJepaException(error.Message, error);
            }
        }, () => progress?.Report(++done), cancellationToken);
    }

    private MultichannelClip Load(Sound sound, CancellationToken cancellationToken) => sound.Read(
        options.Value.MaximumSeconds, reader => MultichannelClip.Read(reader, sound.Name), cancellationToken);

    private StemEmbedding Embed(Sound recording, CancellationToken cancellationToken) =>
        Read(recording, reader => model.Embed(reader, cancellationToken: cancellationToken), cancellationToken);

    private StemEmbedding Predict(Sound mix, Stem missing, CancellationToken cancellationToken)
    {
        StemEmbedding prediction =
            Read(mix, reader => model.Predict(reader, missing, cancellationToken: cancellationToken), cancellationToken);
        return mix.Upload?.Predictions.GetOrAdd(missing, prediction) ?? prediction;
    }

    private StemAnalysis Analyze(Sound recording, CancellationToken cancellationToken)
    {
        StemAnalysis analysis = Read(recording, reader => analyzer.Value.Analyze(reader, cancellationToken), cancellationToken);
        if (recording.Upload is { } upload)
            upload.Analysis = analysis;
        return analysis;
    }

    private Ranking Rank(
        Sound mix, IReadOnlyList<Sound> candidates, Stem stem, bool inTime, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        int done = 0;
        var coherence = new StemCoherence(model);
        CoherenceMix? prepared = inTime
            ? Read(mix, reader => coherence.Prepare(reader, stem, cancellationToken), cancellationToken)
            : null;
        StemEmbedding prediction = prepared?.Prediction ?? Predict(mix, stem, cancellationToken);
        var scores = new (float Affinity, float? Coherence)?[candidates.Count];
        var errors = new string?[candidates.Count];
        Parallel.For(0, candidates.Count, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            try
            {
                scores[i] = Read(candidates[i], reader => Score(reader), cancellationToken);
            }
            catch (Exception error) when (error is StemJepaException or RequestException)
            {
                errors[i] = error.Message;
            }
            progress?.Report(Interlocked.Increment(ref done));
        });
        int[] usable = [.. Enumerable.Range(0, candidates.Count).Where(i => scores[i] is not null)];
        return new Ranking(
            [.. AffinityOrder.Rank([.. usable.Select(i => scores[i]!.Value.Coherence ?? scores[i]!.Value.Affinity)])
                .Select(ranked => new RankedSound(candidates[usable[ranked.Index]], scores[usable[ranked.Index]]!.Value.Affinity,
                    scores[usable[ranked.Index]]!.Value.Coherence))],
            [.. Enumerable.Range(0, candidates.Count).Where(i => errors[i] is not null)
                .Select(i => new SkippedRecording(candidates[i].Name, errors[i]!))]);

        (float, float?) Score(AudioReader recording)
        {
            if (prepared is null)
                return (prediction.Similarity(model.Embed(recording, cancellationToken: cancellationToken)), null);
            RecordingCoherence compared = coherence.Compare(prepared, recording, cancellationToken);
            return (compared.Affinity, compared.Score);
        }
    }

    private T Read<T>(Sound sound, Func<AudioReader, T> read, CancellationToken cancellationToken) =>
        sound.Read(options.Value.MaximumSeconds, read, cancellationToken);
}

/// <summary>Candidates, best first, and those that cannot be used.</summary>
internal sealed record Ranking(IReadOnlyList<RankedSound> Results, IReadOnlyList<SkippedRecording> Skipped);

/// <summary>A candidate of a ranking.</summary>
/// <param name="Candidate">The recording.</param>
/// <param name="Affinity">Cosine, in time if that was asked for, -1..1.</param>
/// <param name="Coherence">What those compared in time are ordered by, -1.4..1.4; null otherwise.</param>
internal sealed record RankedSound(Sound Candidate, float Affinity, float? Coherence);

/// <summary>A candidate that was fitted and rendered, the mix, and why the fit may say nothing.</summary>
internal sealed record Fitted(FittedAudio Rendered, MultichannelClip Mix, IReadOnlyList<string> Warnings);
