namespace StemJepa.Training.Evaluation;

/// <summary>
/// Whatever coherence can measure: it is shown the anchors and the positives of all pairs, from several threads, each once, and then says,
/// once for each anchor, how well positives fit it, by one or more scores.
/// </summary>
internal interface ICoherenceMethod
{
    /// <summary>Names of the scores that it gives.</summary>
    IReadOnlyList<string> Scores { get; }

    /// <summary>Takes the anchor of a pair.</summary>
    void SetAnchor(int pair, AudioClip anchor);

    /// <summary>Takes the positive of a pair.</summary>
    void SetPositive(int pair, AudioClip positive);

    /// <summary>
    /// How well the positives of some pairs fit an anchor, higher better: by score, then in the order of <paramref name="positives"/>.
    /// </summary>
    float[][] Compare(int anchor, IReadOnlyList<int> positives);
}

/// <summary>
/// Coherence by PHALAR's protocol (arXiv 2605.03929): is the score of a pair's own positive the greatest among K? Ties and scores that are
/// not numbers count against it.
/// </summary>
internal sealed class CoherenceEvaluation
{
    private readonly CoherenceAudio _audio;
    private readonly int _chunk;
    private readonly IReadOnlyList<int> _candidates;
    private readonly Dictionary<DistractorRule, int[][]> _distractors;

    /// <param name="audio">The songs.</param>
    /// <param name="chunk">Samples of a chunk.</param>
    /// <param name="candidates">The K, each at least 2.</param>
    /// <param name="pairs">How many pairs ask.</param>
    /// <param name="seed">Decides pairs and distractors.</param>
    /// <exception cref="StemJepaException">No chunk was found in which two stems sound.</exception>
    public CoherenceEvaluation(CoherenceAudio audio, int chunk, IReadOnlyList<int> candidates, int pairs, int seed)
    {
        (_audio, _chunk, _candidates) = (audio, chunk, candidates);
        var protocol = new CoherenceProtocol(audio, chunk, seed);
        int others = candidates.Max() - 1;
        Queries = protocol.Draw(pairs);
        IReadOnlyList<CoherencePair> further = protocol.DrawFromSameSongs(Queries, others);
        Pairs = [.. Queries, .. further];
        _distractors = Enum.GetValues<DistractorRule>().ToDictionary(rule => rule, rule =>
            Enumerable.Range(0, pairs).AsParallel().AsOrdered()
                .Select(query => protocol.Distractors(Queries, further, query, rule, others)).ToArray());
    }

    /// <summary>The pairs that ask.</summary>
    public IReadOnlyList<CoherencePair> Queries { get; }

    /// <summary>The pairs that ask, and after them those whose positives are distractors only.</summary>
    public IReadOnlyList<CoherencePair> Pairs { get; }

    /// <summary>Shows all pairs to a method, and asks it.</summary>
    /// <returns>By rule, score and K: for each query whether its own positive came first, or null where the rule allows too few
    /// distractors.</returns>
    public IReadOnlyDictionary<(DistractorRule Rule, string Score, int Candidates), bool?[]> Measure(
        ICoherenceMethod method, Action<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var parallel = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        int done = 0;
        Parallel.For(0, Pairs.Count, parallel, index =>
        {
            CoherencePair pair = Pairs[index];
            if (index < Queries.Count)
                method.SetAnchor(index, _audio.Sum(pair.Song, pair.Start, _chunk, pair.Anchor));
            method.SetPositive(index, _audio.Sum(pair.Song, pair.Start, _chunk, pair.Positive));
            progress?.Invoke((double)Interlocked.Increment(ref done) / Pairs.Count);
        });
        var results = _distractors.Keys
            .SelectMany(rule => method.Scores.SelectMany(score => _candidates.Select(count => (rule, score, count))))
            .ToDictionary(key => key, _ => new bool?[Queries.Count]);
        Parallel.For(0, Queries.Count, parallel, query =>
        {
            // Once for all rules: what a method prepares of an anchor is not cheap, and rules share distractors.
            int[] positives = [query, .. _distractors.Values.SelectMany(distractors => distractors[query]).Distinct()];
            Dictionary<int, int> places = Enumerable.Range(0, positives.Length).ToDictionary(place => positives[place]);
            float[][] scores = method.Compare(query, positives);
            foreach ((DistractorRule rule, int[][] distractors) in _distractors)
            {
                for (int score = 0; score < scores.Length; score++)
                {
                    float[] asked = [scores[score][0], .. distractors[query].Select(other => scores[score][places[other]])];
                    foreach (int count in _candidates.Where(count => count <= asked.Length))
                        results[(rule, method.Scores[score], count)][query] = IsFirst(asked.AsSpan(0, count));
                }
            }
        });
        return results;
    }

    /// <summary>Whether the first score is greater than all others.</summary>
    private static bool IsFirst(ReadOnlySpan<float> scores)
    {
        foreach (float other in scores[1..])
        {
            if (!(scores[0] > other))
                return false;
        }
        return true;
    }
}
