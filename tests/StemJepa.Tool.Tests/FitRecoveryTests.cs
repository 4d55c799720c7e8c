using StemJepa.Reporting;
using StemJepa.TestSupport;
using Xunit.Abstractions;

namespace StemJepa.Tool.Tests;

/// <summary>
/// Stems of the demo songs, 3 semitones higher, 5 % slower and after 1.3 s of silence, are fitted back. The oracle is how they were moved.
/// </summary>
public sealed class FitRecoveryTests(ITestOutputHelper output)
{
    private const double Slower = 1.05, Silence = 1.3, Enough = 0.8;
    private const int Semitones = 3, BeatsOfBar = 4;

    [ShippedHeadsFact]
    public void Moved_stems_come_back()
    {
        using StemAffinity model = StemAffinity.Create();
        using var fitter = StemFitter.Create(model);
        (DemoSong Song, Stem Stem)[] cases =
            [.. DemoSongs.Load().SelectMany(song => Enum.GetValues<Stem>().Select(stem => (song, stem)))];
        var found = cases.AsParallel().AsOrdered().Select(moved => (moved.Song, moved.Stem, IsRight: IsRight(fitter, moved.Song, moved.Stem)))
            .ToArray();
        foreach (var miss in found.Where(moved => !moved.IsRight))
            output.WriteLine($"missed: {miss.Stem} of {miss.Song.Title}");
        double melodic = found.Where(moved => moved.Stem != Stem.Drums).Average(moved => moved.IsRight ? 1.0 : 0);
        double drums = found.Where(moved => moved.Stem == Stem.Drums).Average(moved => moved.IsRight ? 1.0 : 0);
        output.WriteLine($"found: {melodic:0.0%} of bass, other and vocals, {drums:0.0%} of drums");
        Assert.InRange(melodic, Enough, 1);
        Assert.InRange(drums, Enough, 1);
    }

    private static bool IsRight(StemFitter fitter, DemoSong song, Stem stem)
    {
        int semitones = stem == Stem.Drums ? 0 : Semitones;
        AudioClip moved = TimeStretch.Apply(song.Stems[(int)stem], 1 / Slower, semitones, stem);
        AudioClip candidate = new((float[])[.. new float[(int)(Silence * moved.SampleRate)], .. moved.Samples.Span], moved.SampleRate);
        FitMix mix = fitter.Prepare(song.MixWithout(stem), stem);
        StemFit fit = fitter.Fit(mix, candidate);
        double late = fit.Start.TotalSeconds + Silence / Slower;
        double error = stem == Stem.Drums ? Math.IEEERemainder(late, BeatsOfBar * 60 / mix.Analysis.Tempo) : late;
        return fit.Semitones == -semitones && Math.Abs(fit.TempoRatio / Slower - 1) <= 0.005
            && Math.Min(Math.Abs(error), Math.Abs(late)) <= 0.05;
    }
}
