namespace StemJepa.Tests;

/// <summary>Counts what a piece of work allocates on its own thread.</summary>
internal static class Allocations
{
    private const int Rounds = 10;

    /// <summary>
    /// The least of several rounds, in bytes: a collection that another test causes charges what is left of this thread's allocation
    /// context to the round that it falls into (github.com/dotnet/runtime/issues/63487).
    /// </summary>
    public static long Of(Action work)
    {
        work();
        return Enumerable.Range(0, Rounds).Min(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
    }
}
