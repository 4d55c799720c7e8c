using StemJepa.Benchmarks.Planning;

namespace StemJepa.Benchmarks.Tests;

/// <summary>Queries over shards. Oracles: values worked by hand, counting all combinations, and the simulation.</summary>
public sealed class FanOutTests
{
    private static readonly double[] Times = [1, 2, 3, 4];
    private static readonly FanOut Fan = new(Times, measuredEntries: 1000, networkMs: 1);

    [Theory]
    [InlineData(1000, 1, 0.5, 1 + 2)]      // the second of four times
    [InlineData(1000, 1, 0.99, 1 + 4)]
    [InlineData(2000, 2, 0.5, 1 + 3)]      // 4 x 0.5^(1/2) = 2.83: the third, for shards as large as the measured catalogue
    [InlineData(1000, 2, 0.5, 1 + 1.5)]    // half as large: half the time
    [InlineData(10_000, 5, 0.99, 1 + 8)]   // twice as large
    [InlineData(4000, 4, 0.25, 1 + 3)]     // 4 x 0.25^(1/4) = 2.83
    public void The_formula_gives_what_was_worked_by_hand(double entries, long shards, double share, double expected) =>
        Assert.Equal(expected, Fan.QuantileMs(entries, shards, share), 1e-12);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void The_formula_is_the_quantile_of_all_combinations(int shards)
    {
        double[] slowest = [.. Enumerable.Range(0, (int)Math.Pow(Times.Length, shards))
            .Select(number => Enumerable.Range(0, shards).Max(shard => Times[number / (int)Math.Pow(Times.Length, shard) % Times.Length]))
                .Order()];
        foreach (double share in new[] { 0.1, 0.25, 0.5, 0.75, 0.9, 0.99 })
            Assert.Equal(
                1 + slowest[(int)Math.Ceiling(share * slowest.Length - 1e-9) - 1], Fan.QuantileMs(1000.0 * shards, shards, share), 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    [InlineData(500)]
    public void The_simulation_agrees_with_the_formula(long shards)
    {
        double[] times = [.. Enumerable.Range(0, 1000).Select(i => 10 + i * i / 1e5)];
        var fan = new FanOut(times, 1000, networkMs: 0.5);
        (double median, double p99) = fan.Simulate(1000.0 * shards, shards, queries: 20_000, seed: 7);
        Assert.Equal(1, median / fan.QuantileMs(1000.0 * shards, shards, 0.5), 0.01);
        Assert.Equal(1, p99 / fan.QuantileMs(1000.0 * shards, shards, 0.99), 0.01);
        Assert.Equal((median, p99), fan.Simulate(1000.0 * shards, shards, queries: 20_000, seed: 7));
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.8)]
    public void The_simulation_under_load_agrees_with_Pollaczek_and_Khinchine(double load)
    {
        // One shard, times 1, 2, 3, 4: mean 2.5, mean square 7.5; the wait is rate x mean square / (2 (1 - load)),
        // and the rate is load / 2.5.
        double expected = 1 + 2.5 + load / 2.5 * 7.5 / (2 * (1 - load));
        Assert.Equal(1, Fan.SimulateLoad(1000, 1, load, queries: 400_000, seed: 3).MeanMs / expected, 0.02);
    }

    [Fact]
    public void Under_load_equal_shards_wait_together_and_almost_none_is_no_wait()
    {
        var steady = new FanOut([5], 1000, networkMs: 1);
        (double mean, double p99) = steady.SimulateLoad(2000, 2, 0.5, 50_000, seed: 5);
        Assert.Equal(1, mean / (1 + 5 + 0.5 / 5 * 25 / (2 * 0.5)), 0.03);
        Assert.True(p99 > mean);
        Assert.Equal(6, steady.SimulateLoad(7000, 7, 1e-6, 5000, seed: 5).P99Ms, 1e-6);
        Assert.Equal(Fan.Simulate(4000, 4, 5000, seed: 1).P99Ms, Fan.SimulateLoad(4000, 4, 1e-6, 5000, seed: 1).P99Ms, 1e-6);
    }

    [Theory]
    [InlineData(1000, 100, 1)]
    [InlineData(10_000, 9, 5)]             // 4 x 10 / S at most 8
    [InlineData(10_000, 8.99, 6)]
    [InlineData(1e9, 5, 1_000_000)]        // 4 x 10^6 / S at most 4
    public void Shards_are_the_fewest_that_reach_the_target(double entries, double target, long expected)
    {
        Assert.Equal(expected, Fan.ShardsFor(entries, target));
        Assert.True(Fan.QuantileMs(entries, expected, 0.99) <= target);
        Assert.True(expected == 1 || Fan.QuantileMs(entries, expected - 1, 0.99) > target);
    }
}
