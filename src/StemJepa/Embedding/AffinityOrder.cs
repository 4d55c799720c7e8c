namespace StemJepa;

/// <summary>
/// Sorts candidates by affinity: as whole numbers, whose order is that of the affinities, which is several times faster than through a
/// comparer.
/// </summary>
internal static class AffinityOrder
{
    private const int IndexBits = 32;

    /// <summary>
    /// The candidates, best first; equal affinities in the order of their indices. <paramref name="affinities"/> hold no NaN.
    /// </summary>
    internal static RankedStem[] Rank(ReadOnlySpan<float> affinities)
    {
        var keys = new ulong[affinities.Length];
        for (int i = 0; i < keys.Length; i++)
            keys[i] = (ulong)Descending(affinities[i]) << IndexBits | (uint)i;
        Array.Sort(keys);
        var ranking = new RankedStem[keys.Length];
        for (int i = 0; i < ranking.Length; i++)
        {
            int index = (int)(uint)keys[i];
            ranking[i] = new RankedStem(index, affinities[index]);
        }
        return ranking;
    }

    /// <summary>A number that is smaller for a greater affinity. Adding zero makes both zeros one.</summary>
    private static uint Descending(float affinity)
    {
        uint bits = BitConverter.SingleToUInt32Bits(affinity + 0f);
        return bits >> 31 == 0 ? ~bits & int.MaxValue : bits;
    }
}

/// <summary>One candidate of a ranking.</summary>
/// <param name="Index">The candidate's place in the list that was ranked.</param>
/// <param name="Affinity">Cosine of its embedding and the prediction, both layer-normed: -1..1, higher fits better.</param>
public readonly record struct RankedStem(int Index, float Affinity);
