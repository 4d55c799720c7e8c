using StemJepa.Training.Training;

namespace StemJepa.Training.Tests.Training;

public sealed class RepeatsTests
{
    private const int Bands = FrontEndSettings.MelBands, Frames = 64, Period = 24;

    private static readonly float[] Loop = Noise(Period, seed: 1);

    private static readonly TrainingSettings TwoPlaces = TrainingSettings.Preset("small") with { PlacesPerSong = 2 };

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(23)]
    public void Repeats_of_a_loop_are_equal_at_any_phase_and_level(int phase)
    {
        float[] first = Looped(0), later = [.. Looped(phase).Select(value => value + 0.7f)];
        Assert.Equal((true, phase == 0), Repeats.Compare(first, later));
        Assert.Equal((true, phase == 0), Repeats.Compare(later, first));
        Assert.Equal((false, false), Repeats.Compare(first, Noise(Frames, seed: 2)));
    }

    [Fact]
    public void Loop_with_another_half_is_not_equal()
    {
        float[] first = Looped(0), other = Noise(Frames, seed: 3);
        for (int band = 0; band < Bands; band++)
            first.AsSpan(band * Frames, Frames / 2).CopyTo(other.AsSpan(band * Frames));
        Assert.Equal((false, false), Repeats.Compare(first, other));
    }

    /// <summary>
    /// Rows: two places of song 0 that repeat, a third that does not, the same music in another song, and at another speed.
    /// </summary>
    [Fact]
    public void Only_places_of_one_rendering_of_a_song_are_compared()
    {
        Windows.Choice[] choices = [new(0, 0, 0.1), new(0, 0, 0.6), new(0, 0, 0.9), new(1, 0, 0.1), new(0, 2, 0.1)];
        var repeats = new Repeats(TwoPlaces, choices, Frames);
        for (int row = 0; row < choices.Length; row++)
            (row == 2 ? Noise(Frames, seed: 4) : Looped(row)).CopyTo(repeats.Target(row)!, 0);
        RepeatFlags same = repeats.OfTargets([.. choices.Select(_ => new[] { 1 })])!;
        Assert.Equal([1, 5], Enumerable.Range(0, same.AtSomeLag.Length).Where(index => same.AtSomeLag[index]));
        Assert.DoesNotContain(true, same.InTime);
    }

    [Fact]
    public void With_shifts_what_is_equal_at_some_lag_is_equal_in_time()
    {
        var repeats = new Repeats(TwoPlaces with { ShiftPatches = 2 }, [new(0, 0, 0.1), new(0, 0, 0.6)], Frames);
        foreach (int row in new[] { 0, 1 })
            Looped(row).CopyTo(repeats.Target(row)!, 0);
        RepeatFlags same = repeats.OfTargets([[1], [1]])!;
        Assert.Equal(same.AtSomeLag, same.InTime);
    }

    [Fact]
    public void Stems_are_compared_each_for_itself()
    {
        var repeats = new Repeats(TwoPlaces, [new(0, 0, 0.1), new(0, 0, 0.6)], Frames);
        foreach (int stem in new[] { 0, 2 })
        foreach (int row in new[] { 0, 1 })
            (stem == 0 ? Noise(Frames, seed: row) : Looped(row)).CopyTo(repeats.Target(row, stem)!, 0);
        Assert.Equal([9, 10], Enumerable.Range(0, 16).Where(index => repeats.OfStems()!.AtSomeLag[index]));
    }

    [Fact]
    public void Mixes_of_the_same_stems_of_one_window_are_repeats()
    {
        var repeats = new Repeats(TrainingSettings.Preset("small"), [new(0, 0, 0.1), new(0, 0, 0.1), new(0, 0, 0.1)], Frames);
        Assert.Null(repeats.Target(0));
        Assert.Null(repeats.OfTargets([[0], [1], [2]]));
        Assert.Equal([1, 3], Enumerable.Range(0, 9).Where(index => repeats.OfTargets([[0, 1], [1, 0], [2]])!.InTime[index]));
    }

    private static float[] Looped(int phase) =>
        [.. Enumerable.Range(0, Bands * Frames).Select(index => Loop[index / Frames * Period + (index % Frames + phase) % Period])];

    private static float[] Noise(int frames, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Bands * frames).Select(_ => (float)(2 * random.NextDouble() - 1))];
    }
}
