namespace StemJepa;

/// <summary>
/// How a candidate's tempo relates to that of a mix; half and double tempo count as equal, since people count beats both ways.
/// </summary>
/// <param name="Relation">Whether the candidate is counted as the mix, or in half or double tempo.</param>
/// <param name="Ratio">
/// New tempo / old tempo of the candidate when it is brought to the mix's, to half or to double of it: 1 if nothing is to do, above 1 if it
/// gets faster.
/// </param>
public readonly record struct TempoMatch(TempoRelation Relation, double Ratio)
{
    /// <summary>Compares two tempi in BPM, above 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A tempo is not above 0.</exception>
    public static TempoMatch Between(double mix, double candidate)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(mix);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(candidate);
        (TempoRelation Relation, double Ratio)[] ways =
            [(TempoRelation.Same, mix / candidate), (TempoRelation.Half, mix / 2 / candidate), (TempoRelation.Double, 2 * mix / candidate)];
        (TempoRelation relation, double ratio) = ways.MinBy(way => Math.Abs(Math.Log(way.Ratio)));
        return new TempoMatch(relation, ratio);
    }
}

/// <summary>How two tempi relate.</summary>
public enum TempoRelation
{
    /// <summary>Both are near.</summary>
    Same,

    /// <summary>The candidate's is near half of the mix's.</summary>
    Half,

    /// <summary>The candidate's is near the double of the mix's.</summary>
    Double,
}
