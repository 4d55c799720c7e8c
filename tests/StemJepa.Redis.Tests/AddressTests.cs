namespace StemJepa.Redis.Tests;

public sealed class AddressTests
{
    [Theory]
    [InlineData("redis://localhost/library", "redis://localhost/library", null, null)]
    [InlineData("redis://10.0.0.1:7000,10.0.0.2:7001/my-lib_2.0", "redis://10.0.0.1:7000,10.0.0.2:7001/my-lib_2.0", null, null)]
    [InlineData("REDISS://:p%40ss@host.example:6380/a", "rediss://host.example:6380/a", null, "p@ss")]
    [InlineData("redis://user:a:b@[::1]:6379/a?shards=64", "redis://[::1]:6379/a", "user", "a:b")]
    public void Addresses_are_read_and_shown_without_the_password(string text, string shown, string? user, string? password)
    {
        VectorSetAddress address = VectorSetAddress.Parse(text);
        Assert.Equal((shown, user, password), (address.ToString(), address.User, address.Password));
        Assert.Equal(text.EndsWith("64") ? 64 : null, address.Shards);
        Assert.Equal(address.Hosts.Count, address.ToConfiguration().EndPoints.Count);
    }

    [Theory]
    [InlineData("library")]
    [InlineData("redis://")]
    [InlineData("redis://host")]
    [InlineData("redis://host/")]
    [InlineData("redis:///name")]
    [InlineData("redis://host:0/name")]
    [InlineData("redis://host:70000/name")]
    [InlineData("redis://host:x/name")]
    [InlineData("redis://host,,other/name")]
    [InlineData("redis://ho st/name")]
    [InlineData("redis://host,ssl=false/name")]
    [InlineData("redis://host/a/b")]
    [InlineData("redis://host/{a}")]
    [InlineData("redis://host/a b")]
    [InlineData("redis://host/a\nb")]
    [InlineData("redis://host/aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff12345")]
    [InlineData("redis://host/name?shards=0")]
    [InlineData("redis://host/name?shards=4097")]
    [InlineData("redis://host/name?other=1")]
    [InlineData("redis://user:secret@host")]
    public void What_is_no_address_is_refused_in_a_sentence_that_has_no_password(string text)
    {
        string message = Assert.Throws<ArgumentException>(() => VectorSetAddress.Parse(text)).Message;
        Assert.Contains("use ", message);
        Assert.DoesNotContain("secret", message);
    }

    /// <summary>Oracle: the check value of CRC-16/XMODEM, as the cluster specification gives it.</summary>
    [Fact]
    public void Slots_are_those_of_the_cluster_specification() => Assert.Equal(0x31C3 % 16384, CatalogKeys.Slot("123456789"));

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(16)]
    [InlineData(VectorSetOptions.MaximumShards)]
    public void Shards_spread_evenly_over_the_slots(int shards)
    {
        int[] slots = [.. Enumerable.Range(0, shards).Select(shard => CatalogKeys.Slot(CatalogKeys.Tag("library", shard, shards)))];
        Assert.Equal(slots.Order(), slots);
        for (int shard = 0; shard < shards; shard++)
            Assert.InRange(slots[shard], 16384L * shard / shards, 16384L * (shard + 1) / shards);
        foreach (int nodes in new[] { 2, 3, 5 }.Where(nodes => shards >= nodes))
        {
            int[] held = [.. slots.GroupBy(slot => slot * nodes / 16384).Select(group => group.Count())];
            Assert.Equal(nodes, held.Length);
            Assert.InRange(held.Max() - held.Min(), 0, shards % nodes == 0 ? 0 : 1);
        }
    }
}
