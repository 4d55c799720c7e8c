using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Oracle: the rule for nearby variants, which are hard to tell from their song.</summary>
public sealed class NearbyVariantsTests
{
    [Fact]
    public void OnlyKeyAndTempoDifferFromTheSong()
    {
        RenderPlan plan = RenderPlan.Original(SongSketch.FourRoles(400).Song(), seed: 1);
        RenderPlan[] variants = [.. Enumerable.Range(0, 10).Select(index => NearbyVariants.Moved(plan, "variant", index, seed: 1))];
        Assert.All(variants, variant =>
        {
            Assert.Equal(plan with { Name = "variant", Transpose = variant.Transpose, TempoFactor = variant.TempoFactor }, variant);
            Assert.True(variant.Transpose != 0 || variant.TempoFactor != 1);
            Assert.InRange(Math.Abs(variant.Transpose), 0, NearbyVariants.MostSemitones);
            if (variant.TempoFactor != 1)
                Assert.InRange(Math.Abs(variant.TempoFactor - 1), NearbyVariants.LeastTempo, NearbyVariants.MostTempo);
        });
        Assert.Equal((4, 4, 2), (
            variants.Count(v => v.TempoFactor == 1), variants.Count(v => v.Transpose == 0),
            variants.Count(v => v is { Transpose: not 0, TempoFactor: not 1 })));
    }

    [Fact]
    public async Task EveryTrainingSongHasOneInItsOwnSplit()
    {
        var song = new CorpusItem("composed_00001", SongSplit.Train, 1, _ => throw new InvalidOperationException());
        CorpusItem variant = Assert.Single(NearbyVariants.Create([song], seed: 5));
        Assert.Equal(("composed_00001~nearby", SongSplit.Train, 5), (variant.Name, variant.Split, variant.Seed!.Value));
        Assert.Equal(song.Name, new CorpusSong(variant.Name, "").Original);
        await Assert.ThrowsAsync<InvalidOperationException>(() => variant.Prepare(CancellationToken.None));
    }
}
