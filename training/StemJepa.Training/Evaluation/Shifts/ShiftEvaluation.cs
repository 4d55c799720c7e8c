namespace StemJepa.Training.Evaluation.Shifts;

/// <summary>Asks a model, and methods without a model, for the shifts of queries. One caller at a time.</summary>
internal sealed class ShiftEvaluation(IStemAffinity model)
{
    public const string Chance = "chance", Onsets = "onset_correlation", LogMel = "log_mel_correlation", Model = "model";

    private readonly Dictionary<string, List<(Stem, ShiftHits)>> hits = new[] { Chance, Onsets, LogMel, Model }.ToDictionary(name => name, _ => new List<(Stem, ShiftHits)>());

    /// <summary>Stems without a query.</summary>
    public int Skipped { get; private set; }

    /// <summary>By method, chance first and the model last; null if there was no query.</summary>
    public IReadOnlyDictionary<string, ShiftResult>? Results =>
        hits[Model].Count == 0 ? null : hits.ToDictionary(method => method.Key, method => ShiftResult.Of(method.Value));

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

    private void Add(ShiftQuery query)
    {
        StemAlignment alignment = model.Align(query.Mix, query.Candidate, query.Stem);
        var range = new ShiftRange(alignment.FirstShift, alignment.Curve.Length);
        void Keep(string method, ShiftHits found) => hits[method].Add((query.Stem, found));
        Keep(Chance, ShiftHits.OfChance(query, range));
        Keep(Onsets, ShiftHits.Of(query, ShiftBaselines.ByOnsets(query, range)));
        Keep(LogMel, ShiftHits.Of(query, ShiftBaselines.ByLogMel(query)));
        Keep(Model, ShiftHits.Of(query, alignment.BestShift));
    }
}
