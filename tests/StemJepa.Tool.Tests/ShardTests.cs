using CsCheck;
using StemJepa.Tool.Indexing;

namespace StemJepa.Tool.Tests;

public sealed class ShardTests
{
    [Fact]
    public void Every_file_is_in_exactly_one_share() =>
        Gen.Select(Gen.String, Gen.Int[1, 20]).Where(pair => !pair.Item1.Any(char.IsSurrogate)).Sample((path, count) =>
            Assert.Single(Enumerable.Range(1, count), number => new Shard(number, count).Holds(path)));

    /// <summary>Oracle: Python's hashlib.</summary>
    [Fact]
    public void Shares_do_not_depend_on_the_machine() =>
        Assert.Equal([13, 7, 7, 13], new[] { "a.wav", "b/c.wav", @"b\c.wav", "d.wav" }.Select(path =>
        Enumerable.Range(1, 16).Single(number => new Shard(number, 16).Holds(path))));
}
