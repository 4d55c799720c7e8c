namespace StemJepa.Training.Evaluation;

/// <summary>
/// Estimates the shifts of queries with a model and with the baselines: among all shifts, and among those within the range of the true
/// ones. Not thread-safe.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="farthest">The farthest that a true shift may be, in seconds.</param>
internal sealed class ShiftEvaluation(IStemAffinity model, double farthest)
{
    public const string Chance = "chance", Onsets = "onset_correlation", LogMel = "log_mel_correlation", Chroma = "chroma_correlation",
        Affinity = "affinity_alone", Correlation = "correlation_alone", Model = "model";

    private readonly Dictionary<string, List<(Stem, ShiftHits)>> _far = ByMethod(), _near = ByMethod();

    /// <summary>Stems without a query.</summary>
    public int Skipped { get; private set; }

    /// <summary>By method, chance first and the model last; null if there was no query.</summary>
    public IReadOnlyDictionary<string, ShiftResult>? Results => ResultsOf(_far);

    /// <summary>The same among shifts up to the farthest true one.</summary>
    public IReadOnlyDictionary<string, ShiftResult>? NearResults => ResultsOf(_near);

    /// <summary>Evaluates all queries of all songs.</summary>
    public void Run(ShiftQueries queries, Action<double>? progress = null, CancellationToken cancellationToken = default)
    {
        for (int song = 0; song < queries.Count; song++)
        {
            foreach (ShiftQuery? query in queries.QueriesOf(song))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (query is null)
                    Skipped++;
                else
                    Add(query);
            }
            progress?.Invoke((song + 1.0) / queries.Count);
        }
    }

    private static Dictionary<string, List<(Stem, ShiftHits)>> ByMethod() => new[] { Chance, Onsets, LogMel, Chroma, Affinity, Correlation,
        Model }.ToDictionary(name => name, _ => new List<(Stem, ShiftHits)>());

    private static Dictionary<string, ShiftResult>? ResultsOf(Dictionary<string, List<(Stem, ShiftHits)>> hits) =>
        hits[Model].Count == 0 ? null : hits.Where(method => method.Value.Count > 0)
            .ToDictionary(method => method.Key, method => ShiftResult.FromQueries(method.Value));

    private void Add(ShiftQuery query)
    {
        StemAlignment alignment = model.Align(query.Mix, query.Candidate, query.Stem);
        (string, StemAlignment?)[] searches =
        [
            (LogMel, ShiftBaselines.ByLogMel(query)), (Chroma, ShiftBaselines.ByChroma(query)), (Affinity, alignment.ByAffinity),
                (Correlation, alignment.ByCorrelation), (Model, alignment),
        ];
        var nearby = TimeSpan.FromSeconds(farthest);
        (float[], float[]) onsets = ShiftBaselines.Onsets(query);
        Add(_far, query, onsets, alignment, searches);
        Add(_near, query, onsets, alignment.Within(nearby), searches.Select(search => (search.Item1, search.Item2?.Within(nearby))));
    }

    private static void Add(Dictionary<string, List<(Stem, ShiftHits)>> hits, ShiftQuery query, (float[], float[]) onsets,
        StemAlignment alignment, IEnumerable<(string Method, StemAlignment? Found)> searches)
    {
        var range = new ShiftRange(alignment.FirstShift.TotalSeconds, alignment.Curve.Length);
        void Keep(string method, ShiftHits found) => hits[method].Add((query.Stem, found));
        Keep(Chance, ShiftHits.FromChance(query, range));
        Keep(Onsets, ShiftHits.FromShift(query, ShiftBaselines.ByOnsets(onsets, range)));
        foreach ((string method, StemAlignment? found) in searches)
        {
            if (found is not null)
                Keep(method, ShiftHits.FromShift(query, found.BestShift.TotalSeconds));
        }
    }
}
