using System.Globalization;
using Xunit.Abstractions;

namespace StemJepa.Campaign.Tests;

/// <summary>
/// The whole campaign, small: <c>STEMJEPA_CAMPAIGN_CASES</c> is the number of damaged inputs, which decides about the rest, and
/// <c>STEMJEPA_CAMPAIGN_SEED</c> repeats a run.
/// </summary>
public sealed class CampaignTests(ITestOutputHelper output)
{
    private const int FewCases = 100_000;

    [Fact]
    public async Task No_damaged_input_hostile_name_kill_or_cancelled_call_does_worse_than_one_sentence()
    {
        CampaignReport report = await Campaign.RunAsync(
            (int)(Variable("SEED") ?? Environment.TickCount), Variable("CASES") ?? FewCases, output.WriteLine);
        Assert.True(report.Faults.Count == 0, string.Join("\n\n", report.Faults));
        Assert.All(report.Parsers, parser => Assert.True(parser.Refused > 0 || parser.Read == parser.Cases, $"{parser}"));
    }

    [Fact]
    public void The_same_seed_gives_the_same_damage()
    {
        byte[][] seeds = [[1, 2, 3, 4], [5, 6, 7, 8, 9, 10]];
        for (int seed = 0; seed < 1000; seed++)
            Assert.Equal(new Mutator(new Random(seed)).Damage(seeds), new Mutator(new Random(seed)).Damage(seeds));
    }

    private static long? Variable(string name) =>
        long.TryParse(Environment.GetEnvironmentVariable($"STEMJEPA_CAMPAIGN_{name}"), CultureInfo.InvariantCulture, out long value)
            ? value : null;
}
