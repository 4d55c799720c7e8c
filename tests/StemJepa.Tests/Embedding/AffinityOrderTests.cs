using CsCheck;

namespace StemJepa.Tests;

public sealed class AffinityOrderTests
{
    private static readonly float[] Special = [-1f, -0f, 0f, 1f, 0.5f, float.Epsilon, -float.Epsilon];

    private static readonly Gen<float> Affinity =
        Gen.Frequency((1, Gen.Float[-1, 1]), (1, Gen.Int[0, Special.Length - 1].Select(i => Special[i])));

    [Fact]
    public void The_order_is_that_of_a_stable_sort() => Affinity.Array[0, 60].Sample(affinities =>
        AffinityOrder.Rank(affinities).SequenceEqual(affinities
            .Select((affinity, index) => new RankedStem(index, affinity))
            .OrderByDescending(ranked => ranked.Affinity)));
}
