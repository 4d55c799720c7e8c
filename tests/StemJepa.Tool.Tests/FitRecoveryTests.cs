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

    /// <summary>Stems that may turn out wrong on processors that round otherwise: a fit is the best of many close ones.</summary>
    private const int Rounding = 2;

    private const int Semitones = 3, BeatsOfBar = 4;

    private sealed record Found(string Song, Stem Stem, bool HasRatio, bool HasStart, bool HasSemitones);

    [ShippedHeadsFact]
    public void Moved_stems_come_back()
    {
        using StemAffinity model = StemAffinity.Create();
        using var fitter = StemFitter.Create(model);
        Found[] all = [.. DemoSongs.Load().SelectMany(song => Stem.Roles.Select(stem => (song, stem)))
            .AsParallel().AsOrdered().Select(moved => Fit(fitter, moved.song, moved.stem))];
        foreach (Found found in all)
            output.WriteLine($"{found}");
        foreach (bool isDrums in new[] { false, true })
        {
            Found[] some = [.. all.Where(found => found.Stem == Stem.Drums == isDrums)];
            AssertEnough(some, found => found.HasRatio);
            AssertEnough(some, found => found.HasStart);
            AssertEnough(some, found => found.HasSemitones);
            AssertEnough(some, found => found.HasRatio && found.HasStart && found.HasSemitones);
        }
    }

    private static void AssertEnough(Found[] some, Func<Found, bool> holds) =>
        Assert.InRange(some.Count(holds), Enough * some.Length - Rounding, some.Length);

    private static Found Fit(StemFitter fitter, DemoSong song, Stem stem)
    {
        int semitones = stem == Stem.Drums ? 0 : Semitones;
        AudioClip moved = TimeStretch.Apply(song.Stems[stem.Role], 1 / Slower, semitones, stem);
        AudioClip candidate = new((float[])[.. new float[(int)(Silence * moved.SampleRate)], .. moved.Samples.Span], moved.SampleRate);
        FitMix mix = fitter.Prepare(song.MixWithout(stem), stem);
        StemFit fit = fitter.Fit(mix, candidate);
        double late = fit.Start.TotalSeconds + Silence / Slower;
        double inBar = stem == Stem.Drums ? Math.IEEERemainder(late, BeatsOfBar * 60 / mix.Analysis.Tempo) : late;
        return new Found(song.Title, stem, Math.Abs(fit.TempoRatio / Slower - 1) <= 0.005,
            Math.Min(Math.Abs(inBar), Math.Abs(late)) <= 0.05, fit.Semitones == -semitones);
    }
}
