namespace StemJepa;

/// <summary>
/// A ranking whose best candidates were fitted to the mix: these come first, by their scores, and the others as they were.
/// Candidates that cannot be fitted keep their place among the others. Immutable.
/// </summary>
/// <typeparam name="T">What names a candidate.</typeparam>
/// <param name="Results">Candidates, each with its fit; null for those that were not fitted.</param>
/// <param name="Skipped">Candidates that cannot be fitted, each with a sentence that says why.</param>
internal sealed record FitRanking<T>(IReadOnlyList<(T Candidate, StemFit? Fit)> Results, IReadOnlyList<(T Candidate, string Error)> Skipped)
{
    /// <summary>What <see cref="FitWarnings"/> says of the mix and of the best.</summary>
    public IReadOnlyList<string> Warnings(string mix, int top, Func<T, string> nameOf) => FitWarnings.Find(mix,
        Results.Take(top).Where(result => result.Fit is not null).Select(result => (nameOf(result.Candidate), result.Fit!)));

    /// <summary>Fits the best of a ranking, as many at once as there are processors.</summary>
    /// <param name="ranked">The candidates, best first.</param>
    /// <param name="most">How many are fitted at most, at least 0.</param>
    /// <param name="fit">Loads and fits a candidate; several threads call it.</param>
    /// <param name="fitted">Called after each, by one thread at a time; null for no report.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static FitRanking<T> Create(
        IReadOnlyList<T> ranked, int most, Func<T, StemFit> fit, Action? fitted, CancellationToken cancellationToken)
    {
        int count = Math.Min(most, ranked.Count);
        var fits = new StemFit?[ranked.Count];
        var errors = new string?[count];
        var reporting = new Lock();
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = Environment.ProcessorCount,
            CancellationToken = cancellationToken,
        };
        Parallel.For(0, count, options, index =>
        {
            try
            {
                fits[index] = fit(ranked[index]);
            }
            catch (StemJepaException error)
            {
                errors[index] = error.Message;
            }
            lock (reporting)
                fitted?.Invoke();
        });
        IEnumerable<int> all = Enumerable.Range(0, ranked.Count);
        return new FitRanking<T>(
            [.. all.Where(index => fits[index] is not null).OrderByDescending(index => fits[index]!.Score)
                .Concat(all.Where(index => fits[index] is null)).Select(index => (ranked[index], fits[index]))],
            [.. all.Take(count).Where(index => errors[index] is not null).Select(index => (ranked[index], errors[index]!))]);
    }
}

/// <summary>How many of a ranking are fitted.</summary>
internal static class FitRanking
{
    public const int Most = 50;
}
