using System.Runtime.CompilerServices;

namespace StemJepa;

/// <content>Rankings, and many recordings at once.</content>
public static partial class StemAffinityExtensions
{
    /// <summary>
    /// Ranks candidates, best first. <see cref="RankedStem.Index"/> is the candidate's place in <paramref name="candidates"/>.
    /// </summary>
    /// <remarks>As many candidates as there are cores are embedded at once.</remarks>
    /// <param name="model">The model.</param>
    /// <param name="mix">The mix that lacks a stem.</param>
    /// <param name="candidates">At least one.</param>
    /// <param name="stem">The stem that it lacks.</param>
    /// <param name="comparison">By means over time, or in time for candidates that start together with the mix.</param>
    /// <param name="progress">Receives the number of candidates done.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentException">There are no candidates, or one is null.</exception>
    /// <exception cref="StemJepaException">
    /// The audio of the mix or of a candidate cannot be used, or the model does not know the stem.
    /// </exception>
    public static IReadOnlyList<RankedStem> Rank(this IStemAffinity model, AudioClip mix, IReadOnlyList<AudioClip> candidates, Stem stem,
        AffinityComparison comparison = AffinityComparison.Mean, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        AudioReader mixReader = Open(model, mix, nameof(mix));
        CheckCandidates(candidates);
        PatchSequence? ofMix = SinkFor(comparison);
        StemEmbedding prediction = model.Predict(mixReader, stem, ofMix, cancellationToken);
        var affinities = new float[candidates.Count];
        int done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        try
        {
            Parallel.For(0, affinities.Length, options, i =>
            {
                PatchSequence? patches = SinkFor(comparison);
                StemEmbedding embedding =
                    Named($"Candidate {i}", () => model.Embed(candidates[i].OpenReader(), patches, cancellationToken));
                affinities[i] = ofMix is null ? prediction.Similarity(embedding) : ofMix.Similarity(patches!, cancellationToken);
                progress?.Report(Interlocked.Increment(ref done));
            });
        }
        catch (AggregateException errors)
        {
            cancellationToken.ThrowIfCancellationRequested();
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
        }
        return AffinityOrder.Rank(affinities);
    }

    /// <summary>Ranks candidates that are already embedded, best first, against a prediction of the same model.</summary>
    /// <exception cref="ArgumentException">There are no candidates, or one is null.</exception>
    /// <exception cref="StemJepaException">A candidate's embedding comes from another model.</exception>
    public static IReadOnlyList<RankedStem> Rank(this IStemAffinity model, StemEmbedding prediction,
        IReadOnlyList<StemEmbedding> candidates)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(prediction);
        CheckCandidates(candidates);
        var affinities = new float[candidates.Count];
        for (int i = 0; i < affinities.Length; i++)
            affinities[i] = prediction.Similarity(candidates[i]);
        return AffinityOrder.Rank(affinities);
    }

    /// <summary>
    /// As
    /// <see cref="Rank(IStemAffinity, AudioClip, IReadOnlyList{AudioClip}, Stem, AffinityComparison, IProgress{int}, CancellationToken)"/>,
    /// off the calling thread.
    /// </summary>
    public static Task<IReadOnlyList<RankedStem>> RankAsync(this IStemAffinity model, AudioClip mix, IReadOnlyList<AudioClip> candidates,
        Stem stem,
        AffinityComparison comparison = AffinityComparison.Mean, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(mix);
        CheckCandidates(candidates);
        return Task.Run(() => model.Rank(mix, candidates, stem, comparison, progress, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Embeds many recordings, in their order; as many at once as there are cores, so that all of them are busy. A recording is opened when
    /// its turn comes and disposed when it is embedded.
    /// </summary>
    /// <exception cref="StemJepaException">The audio of a recording cannot be used; those after it are not embedded.</exception>
    public static async IAsyncEnumerable<StemEmbedding> EmbedManyAsync(this IStemAffinity model, IAsyncEnumerable<AudioReader> recordings,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(recordings);
        var running = new OrderedTasks<StemEmbedding>();
        try
        {
            await foreach (AudioReader recording in recordings.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                running.Add(EmbedAndDisposeAsync(model, recording, cancellationToken));
                if (running.IsFull)
                    yield return await running.Take().ConfigureAwait(false);
            }
            while (!running.IsEmpty)
                yield return await running.Take().ConfigureAwait(false);
        }
        finally
        {
            await running.EndAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc cref="EmbedManyAsync(IStemAffinity, IAsyncEnumerable{AudioReader}, CancellationToken)"/>
    public static IAsyncEnumerable<StemEmbedding> EmbedManyAsync(this IStemAffinity model, IEnumerable<AudioClip> recordings,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recordings);
        return model.EmbedManyAsync(recordings.Select(recording => recording.OpenReader()).ToAsyncEnumerable(), cancellationToken);
    }

    private static async Task<StemEmbedding> EmbedAndDisposeAsync(IStemAffinity model, AudioReader recording,
        CancellationToken cancellationToken)
    {
        using (recording)
            return await model.EmbedAsync(recording, null, cancellationToken).ConfigureAwait(false);
    }

    private static void CheckCandidates<T>(IReadOnlyList<T> candidates) where T : class
    {
        ArgumentNullException.ThrowIfNull(candidates);
        if (candidates.Count == 0)
            throw new ArgumentException("There are no candidates: give at least one.", nameof(candidates));
        if (candidates.Contains(null))
            throw new ArgumentException("A candidate is null.", nameof(candidates));
    }
}
