using CsCheck;

namespace StemJepa.Analysis.Tests;

/// <summary>The canonical correlation against its formula in double precision, and the directions that the library ships.</summary>
public sealed class CanonicalCorrelationTests
{
    private const int Features = AlignmentFeatures.Count, Directions = CanonicalDirections.Count;

    [Fact]
    public void Formula_in_double_precision_gives_the_same_curve() => Gen.Select(Gen.Int[1, 70], Gen.Int[1, 70], Gen.Int[-5, 5],
        TimeStretchTests.AnyStem, Gen.Int[0, 1000]).Sample((columns, other, more, stem, seed) =>
    {
        float[] mix = Noise(Math.Max(1, 4 * columns + more), seed), candidate = Noise(4 * other, seed + 1);
        CanonicalDirections.Pair directions = CanonicalDirections.Shipped.For(stem);
        ShiftCurve curve = CanonicalCorrelation.Compute(mix, columns, candidate, other, directions);
        double[][] left = Variables(mix, columns, directions.Mix), right = Variables(candidate, other, directions.Candidate);
        int least = 4 * Math.Min(50, (Math.Min(columns, other) + 1) / 2);
        Assert.Equal((least - 4 * other, 4 * columns - least), (curve.First, curve.First + curve.Values.Length - 1));
        for (int i = 0; i < curve.Values.Length; i += 3)
        {
            int shift = curve.First + i;
            double[] products = [.. Enumerable.Range(0, 4 * other).Where(t => t + shift >= 0 && t + shift < 4 * columns)
                .Select(t => left[t + shift].Zip(right[t], (a, b) => a * b).Sum())];
            Assert.Equal(products.Length, curve.Shared[i]);
            Assert.Equal(products.Average(), curve.Values[i], 1e-4);
        }
    }, iter: 20);

    /// <summary>Silence, what stays as it is but for rounding, and no frame at all of what there should be.</summary>
    [Fact]
    public void A_recording_that_never_changes_says_nothing()
    {
        float[] tone = AlignmentFeatures.Compute(new float[10 * 16000]), rounding = [.. Noise(240, 3).Select(value => 1e-6f * value)];
        foreach (float[] constant in new[] { tone, rounding, [] })
            Assert.All(CanonicalCorrelation.Compute(constant, 60, Noise(240, 1), 60, CanonicalDirections.Shipped.For(Stem.Bass)).Values,
                value => Assert.Equal(0, value));
    }

    /// <summary>The law: a recording correlates fully with itself if both sides look at the same.</summary>
    [Fact]
    public void A_recording_goes_with_itself_at_once()
    {
        CanonicalDirections shipped = CanonicalDirections.Shipped;
        CanonicalDirections.StoredPair bass = shipped.Stems["bass"];
        CanonicalDirections same = shipped with { Stems =
            new Dictionary<string, CanonicalDirections.StoredPair> { ["bass"] = bass with { Candidate = bass.Mix } } };
        float[] noise = Noise(400, 1);
        ShiftCurve curve = CanonicalCorrelation.Compute(noise, 100, noise, 100, same.For(Stem.Bass));
        Assert.Equal((0, 1.0), (curve.SecondsOf(curve.Best), Math.Round(curve.Values[curve.Best], 4)));
    }

    [Fact]
    public void Shipped_directions_are_of_every_stem_and_say_where_they_come_from()
    {
        CanonicalDirections shipped = CanonicalDirections.Shipped;
        Assert.Equal(["bass", "drums", "other", "vocals"], shipped.Stems.Keys.Order());
        Assert.True(shipped.Songs > 0 && shipped.Corpora.Count > 0 && shipped.Commit.Length > 0);
        Assert.DoesNotContain("dirty", shipped.Commit);
        Assert.Matches(@"^\d{4}-\d\d-\d\d$", shipped.Date);
        foreach ((string name, CanonicalDirections.StoredPair stored) in shipped.Stems)
        {
            CanonicalDirections.Pair pair = new(stored);
            Check(pair.Mix);
            Check(pair.Candidate);
            Assert.Equal(stored.Correlations.OrderDescending(), stored.Correlations);
            Assert.True(stored.Correlations is { Count: Directions } && stored.Correlations[0] is > 0.2 and < 1, name);
        }

        static void Check(ReadOnlySpan<float> weights)
        {
            Assert.Equal(Features * Directions, weights.Length);
            Assert.True(weights.ToArray().All(float.IsFinite) && weights.ContainsAnyExcept(0f));
        }
    }

    private static double[][] Variables(float[] features, int columns, ReadOnlySpan<float> weights)
    {
        double[] w = [.. weights.ToArray().Select(value => (double)value)];
        double[][] rows = [.. Enumerable.Range(0, 4 * columns).Select(frame => Enumerable.Range(0, Directions).Select(direction =>
            Enumerable.Range(0, Features).Sum(feature => frame * Features + feature < features.Length
            ? features[frame * Features + feature] * w[feature * Directions + direction] : 0)).ToArray())];
        double power = rows.Sum(row => row.Sum(value => value * value)) / rows.Length;
        return [.. rows.Select(row => row.Select(value => power > 1e-6 ? value / Math.Sqrt(power) : 0).ToArray())];
    }

    private static float[] Noise(int frames, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, frames * Features).Select(_ => random.NextSingle() - 0.5f)];
    }
}
