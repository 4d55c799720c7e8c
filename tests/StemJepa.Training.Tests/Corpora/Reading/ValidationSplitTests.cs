using CsCheck;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

public sealed class ValidationSplitTests
{
    /// <summary>The law: every song is on one side, with its variants, and validation holds about one in twelve, or about 48.</summary>
    [Fact]
    public void Songs_stay_with_their_variants_and_few_are_held_out() =>
        Gen.Select(Gen.Int[200, 1500], Gen.Int[1, 3], Gen.Int[0, 1000]).Sample((originals, variants, salt) =>
    {
        CorpusSong[] songs = [.. from song in Enumerable.Range(0, originals) from variant in Enumerable.Range(0, variants)
                                 let name = $"{salt}-{song}" + (variant == 0 ? "" : $"~{variant:00}") select new CorpusSong(name, name)];
        var (train, validation) = ValidationSplit.Create(songs);
        int held = validation.DistinctBy(song => song.Original).Count();
        double expected = Math.Min(originals / 12.0, 48);
        return train.Concat(validation).Select(song => song.Name).Order().SequenceEqual(songs.Select(song => song.Name).Order())
            && !train.Select(song => song.Original).Intersect(validation.Select(song => song.Original)).Any()
            && Math.Abs(held - expected) < 6 * Math.Sqrt(expected);
    }, iter: 30);

    /// <summary>
    /// The law: a share has about that fraction of the songs, each with all its variants, and a smaller share is part of a larger one.
    /// </summary>
    [Fact]
    public void Shares_keep_songs_whole_and_nest() =>
        Gen.Select(Gen.Double[0.05, 1], Gen.Double[0.05, 1], Gen.Int[0, 1000]).Sample((one, other, salt) =>
    {
        const int originals = 1000;
        CorpusSong[] songs = [.. from song in Enumerable.Range(0, originals) from variant in (string[])["", "~nearby"]
                                 select new CorpusSong($"{salt}-{song}{variant}", $"{salt}-{song}{variant}")];
        IReadOnlyList<CorpusSong> small = ValidationSplit.Share(songs, Math.Min(one, other)),
            large = ValidationSplit.Share(songs, Math.Max(one, other));
        return !small.Except(large).Any()
            && large.GroupBy(song => song.Original).All(family => family.Count() == 2)
            && Math.Abs(large.Count / 2.0 - originals * Math.Max(one, other)) < 100;
    }, iter: 30);
}
