namespace StemJepa.Training.Evaluation;

/// <summary>Whatever retrieval can measure: it is shown every query with its target, then says how well each target fits each query.</summary>
internal interface IRetrievalMethod
{
    /// <summary>Takes the next query, <paramref name="mix"/> without its stem <paramref name="missing"/>, and the stem itself as a target.</summary>
    void Add(AudioClip mix, Stem missing, AudioClip target);

    /// <summary>The affinities of all queries and targets, in the order in which they were added.</summary>
    AffinityMatrix Affinities(CancellationToken cancellationToken = default);
}
