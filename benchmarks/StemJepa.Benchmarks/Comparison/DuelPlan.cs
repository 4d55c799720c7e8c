namespace StemJepa.Benchmarks.Comparison;

/// <summary>A duel that may take place.</summary>
/// <param name="Name">What is done, as the results call it; known before anything is made ready, so that duels can be left out.</param>
/// <param name="Prepare">Makes both sides ready.</param>
internal sealed record DuelPlan(string Name, Func<Duel> Prepare);
