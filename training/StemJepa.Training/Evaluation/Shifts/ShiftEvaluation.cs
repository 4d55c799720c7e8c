namespace StemJepa.Training.Evaluation.Shifts;

/// <summary>Asks a model, and methods without a model, for the shifts of queries: among all, and among those no farther than the true ones are drawn. One caller at a time.</summary>
/// <param name="model">The model.</param>
/// <param name="farthest">The farthest that a true shift may be, in seconds.</param>
internal sealed class ShiftEvaluation(IStemAffinity model, double farthest)
{
    public const string Chance = "chance", Onsets = "onset_correlation", LogMel = "log_mel_correlation", Chroma = "chroma_correlation", Affinity = "affinity_alone", Correlation = "correlation_alone", Model = "model";

    private readonly Dictionary<string, List<(Stem, ShiftHits)>> far = ByMethod(), near = ByMethod();

    /// <summary>Stems without a query.</summary>
    public int Skipped { get; private set; }

    /// <summary>By method, chance first and the model last; null if there was no query.</summary>
    public IReadOnlyDictionary<string, ShiftResult>? Results => ResultsOf(far);

    /// <summary>The same among shifts up to the farthest true one.</summary>
    public IReadOnlyDictionary<string, ShiftResult>? NearResults => ResultsOf(near);

    /// <summary>Goes through all queries of all songs.</summary>
    public void Run(ShiftQueries queries, Action<double>? progress = null, CancellationToken cancellationToken = default)
    {
        for (int song = 0; song < queries.Count; song++)
        {
            foreach (ShiftQuery? query in queries.Of(song))
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

    private static Dictionary<string, List<(Stem, ShiftHits)>> ByMethod() => new[] { Chance, Onsets, LogMel, Chroma, Affinity, Correlation, Model }.ToDictionary(name => name, _ => new List<(Stem, ShiftHits)>());

    private static Dictionary<string, ShiftResult>? ResultsOf(Dictionary<string, List<(Stem, ShiftHits)>> hits) =>
        hits[Model].Count == 0 ? null : hits.Where(method => method.Value.Count > 0).ToDictionary(method => method.Key, method => ShiftResult.Of(method.Value));

    private void Add(ShiftQuery query)
    {
        StemAlignment alignment = model.Align(query.Mix, query.Candidate, query.Stem), logMel = ShiftBaselines.ByLogMel(query), chroma = ShiftBaselines.ByChroma(query);
        (float[], float[]) onsets = ShiftBaselines.Onsets(query);
        Add(far, query, alignment, logMel, chroma, onsets);
        Add(near, query, alignment.Within(farthest), logMel.Within(farthest), chroma.Within(farthest), onsets);
    }

    private static void Add(Dictionary<string, List<(Stem, ShiftHits)>> hits, ShiftQuery query, StemAlignment alignment, StemAlignment logMel, StemAlignment chroma, (float[], float[]) onsets)
    {
        var range = new ShiftRange(alignment.FirstShift, alignment.Curve.Length);
        void Keep(string method, ShiftHits found) => hits[method].Add((query.Stem, found));
        Keep(Chance, ShiftHits.OfChance(query, range));
        Keep(Onsets, ShiftHits.Of(query, ShiftBaselines.ByOnsets(onsets, range)));
        Keep(LogMel, ShiftHits.Of(query, logMel.BestShift));
        Keep(Chroma, ShiftHits.Of(query, chroma.BestShift));
        Keep(Affinity, ShiftHits.Of(query, alignment.ByAffinity.BestShift));
        if (alignment.ByCorrelation is { } correlation)
            Keep(Correlation, ShiftHits.Of(query, correlation.BestShift));
        Keep(Model, ShiftHits.Of(query, alignment.BestShift));
    }
}
