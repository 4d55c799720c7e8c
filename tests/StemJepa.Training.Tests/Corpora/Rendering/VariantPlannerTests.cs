using CsCheck;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Oracle: the variant rules, as laws over seeds and rounds.</summary>
public sealed class VariantPlannerTests
{
    private static readonly MidiSong Song = SongSketch.FourRoles(400).Song();
    private static readonly IReadOnlyDictionary<Part, Stem> Roles = RoleAssignment.Assign(Song);
    private static readonly Dictionary<SoundFont, IReadOnlyList<int>> Kits =
        SoundFont.Training.ToDictionary(s => s, _ => (IReadOnlyList<int>)[0, 8, 48]);

    private static RenderPlan Plan(int seed, int round) => new VariantPlanner(Kits, seed).Plan(Song, Roles, round);

    private static string Flat(RenderPlan p) =>
        $"{p.Name} {p.StartTick} {p.EndTick} {p.Transpose} {p.TempoFactor:R} {p.SoundFont.Name} {p.DrumKit} {p.Reverb} {p.Chorus} "
        + $"{string.Join(',', p.Programs.Values)} {string.Join(',', p.GainsDb.Values)}";

    [Fact]
    public void TheSameSeedAndRoundGiveTheSamePlanAndOthersOthers()
    {
        string[] plans = [.. from seed in Enumerable.Range(0, 5) from round in Enumerable.Range(1, 5) select Flat(Plan(seed, round))];
        IEnumerable<string> again = from seed in Enumerable.Range(0, 5) from round in Enumerable.Range(1, 5) select Flat(Plan(seed, round));
        Assert.Equal(plans, again);
        Assert.Equal(25, plans.Select(p => p[8..]).Distinct().Count());
        Assert.StartsWith("sketch~03 ", Flat(Plan(0, 3)));
    }

    [Fact]
    public void PlansAreInTheirRanges() => Gen.Select(Gen.Int, Gen.Int[1, 99]).Sample((seed, round) =>
    {
        RenderPlan plan = Plan(seed, round);
        Assert.InRange(plan.Transpose, -6, 6);
        Assert.InRange(plan.TempoFactor, 0.8, 1.25);
        Assert.True(plan.Transpose != 0 || Math.Abs(plan.TempoFactor - 1) >= 0.03);
        Assert.All(plan.GainsDb.Values, g => Assert.InRange(g, -6, 6));
        Assert.All(plan.Programs, p => Assert.Equal(p.Key.Program / 8, p.Value / 8));
        Assert.NotEqual(48, plan.DrumKit);
        double seconds = (Song.Tempo.ToSeconds(plan.EndTick) - Song.Tempo.ToSeconds(plan.StartTick)) / plan.TempoFactor;
        Assert.InRange(seconds + StemMidi.TailSeconds, 74.9, 75.001);
    }, iter: 200);

    [Fact]
    public void ExcerptsAreWhereAllRolesPlay()
    {
        int[][] late = [.. Enumerable.Repeat(Array.Empty<int>(), 300), .. Enumerable.Repeat(new[] { 72 }, 100)];
        MidiSong song = new SongSketch().Line(9, 0, "", 400, 36).Line(0, 33, "", 400, 36).Line(1, 48, "", 400, 60, 64)
            .Part(2, 73, "lead", late).Song();
        IReadOnlyDictionary<Part, Stem> roles = RoleAssignment.Assign(song);
        for (int round = 1; round <= 20; round++)
            Assert.InRange(song.Tempo.ToSeconds(new VariantPlanner(Kits, 1).Plan(song, roles, round).EndTick), 185, 200);
    }
}
