namespace StemJepa;

/// <summary>
/// Affinities of recordings that do not belong to a mix, which tell what an affinity with that mix means. Immutable and thread-safe.
/// </summary>
public sealed class AffinityScale
{
    /// <summary>Recordings to draw from a catalogue, and the fewest of them that say something.</summary>
    internal const int MostDrawn = 1000, FewestDrawn = 50;

    private readonly float[] _sorted;

    /// <summary>Creates a scale.</summary>
    /// <param name="affinities">At least one, in any order.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public AffinityScale(IEnumerable<float> affinities)
    {
        ArgumentNullException.ThrowIfNull(affinities);
        _sorted = [.. affinities.Order()];
        if (_sorted.Length == 0)
            throw new ArgumentException("A scale needs affinities: give at least one.", nameof(affinities));
    }

    /// <summary>The scale of a sample of a catalogue; null if it is too small.</summary>
    internal static AffinityScale? TryCreate(IReadOnlyCollection<float> drawn) =>
        drawn.Count < FewestDrawn ? null : new AffinityScale(drawn);

    /// <summary>Number of affinities.</summary>
    public int Count => _sorted.Length;

    /// <summary>The share of the affinities that are lower, 0..1: 0.97 fits better than 97 % of them.</summary>
    public double Percentile(float affinity)
    {
        int lower = 0;
        for (int above = _sorted.Length; lower < above;)
        {
            int middle = (lower + above) / 2;
            if (_sorted[middle] < affinity)
                lower = middle + 1;
            else
                above = middle;
        }
        return (double)lower / _sorted.Length;
    }
}
