namespace StemJepa.Training.Evaluation;

/// <summary>How beats are judged: those that are near enough to a true beat are hits, each true beat counting once.</summary>
internal static class BeatMetrics
{
    private const double Window = 0.070, Rounding = 1e-9;

    /// <summary>F-measure of one recording, 0..1: twice the hits over all true and all estimated beats; 0 if there are none of either.</summary>
    /// <param name="truths">Seconds, ascending.</param>
    /// <param name="estimates">Seconds, ascending.</param>
    public static double FMeasure(IReadOnlyList<double> truths, IReadOnlyList<double> estimates)
    {
        int truth = 0, estimate = 0, hits = 0;
        while (truth < truths.Count && estimate < estimates.Count)
        {
            double late = estimates[estimate] - truths[truth];
            if (Math.Abs(late) <= Window + Rounding)
            {
                hits++;
                truth++;
                estimate++;
            }
            else if (late > 0)
            {
                truth++;
            }
            else
            {
                estimate++;
            }
        }
        return hits == 0 ? 0 : 2.0 * hits / (truths.Count + estimates.Count);
    }
}
