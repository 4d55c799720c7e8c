namespace StemJepa.Training.Evaluation;

/// <summary>How near a shift comes to the true one: 1 for a hit and 0 for a miss, or between for a method that guesses. Null if beat and bar are unknown.</summary>
/// <param name="Patch">Within one patch, 160 ms.</param>
/// <param name="Beat">Within one beat.</param>
/// <param name="Bar">Within one bar.</param>
/// <param name="PatchModuloBeat">Within one patch of the true shift or of one that is whole beats away.</param>
/// <param name="PatchModuloBar">Within one patch of the true shift or of one that is whole bars away.</param>
internal sealed record ShiftHits(double Patch, double? Beat, double? Bar, double? PatchModuloBeat, double? PatchModuloBar)
{
    private const double Rounding = 1e-9;

    /// <summary>Those of one shift, in seconds.</summary>
    public static ShiftHits Of(ShiftQuery query, double found)
    {
        double error = Math.Abs(found - query.Shift);
        return new ShiftHits(
            Within(error, StemAlignment.Step),
            query.Timing is { } timing ? Within(error, timing.Beat) : null,
            query.Timing is { } bars ? Within(error, bars.Bar) : null,
            query.Timing is { } folded ? Within(Modulo(error, folded.Beat), StemAlignment.Step) : null,
            query.Timing is { } barred ? Within(Modulo(error, barred.Bar), StemAlignment.Step) : null);
    }

    /// <summary>Those to be expected of a method that names any of the shifts with equal probability.</summary>
    public static ShiftHits OfChance(ShiftQuery query, ShiftRange range) => Mean([.. range.All.Select(shift => Of(query, shift))]);

    /// <summary>The means of at least one; of beat and bar, over those that know them.</summary>
    public static ShiftHits Mean(IReadOnlyList<ShiftHits> hits) => new(
        hits.Average(hit => hit.Patch), hits.Average(hit => hit.Beat), hits.Average(hit => hit.Bar),
        hits.Average(hit => hit.PatchModuloBeat), hits.Average(hit => hit.PatchModuloBar));

    private static double Within(double error, double tolerance) => error <= tolerance + Rounding ? 1 : 0;

    /// <summary>The distance to the nearest multiple of a period.</summary>
    private static double Modulo(double error, double period) => Math.Abs(error - period * Math.Round(error / period));
}
