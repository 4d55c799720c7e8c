namespace StemJepa.Benchmarks.Planning;

/// <summary>What a plan takes for granted.</summary>
/// <param name="StemSeconds">Length of a stem.</param>
/// <param name="TargetMs">Within which 99 of 100 queries are to be answered.</param>
/// <param name="NetworkMs">What asking a shard and merging its answer take, besides the search.</param>
/// <param name="Load">Share of the time in which nodes are busy when queries come at random moments, above 0 and below 1.</param>
/// <param name="Queries">Queries that are simulated.</param>
internal sealed record PlanAssumptions(double StemSeconds, double TargetMs, double NetworkMs, double Load, int Queries);
