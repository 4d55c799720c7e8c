using StemJepa.TestSupport;

namespace StemJepa.Packages.Tests.Guide;

/// <summary>The example of docs/guide/preview.md. Oracle: the preview is as long as the mix.</summary>
public sealed class PreviewTests
{
    [ShippedHeadsFact]
    public void A_candidate_is_fitted_and_heard_in_the_mix()
    {
        using var folder = new TemporaryFolder();
        string mixPath = folder.PathOf("mix.wav"), candidatePath = mixPath, fittedPath = folder.PathOf("fitted.wav"),
            previewPath = folder.PathOf("preview.wav");
        GoldenModel.Clip("mix.wav").Save(mixPath);

        // Example: preview
        using StemAffinity model = StemAffinity.Create();
        using var fitter = StemFitter.Create(model);
        MultichannelClip mix = AudioFile.LoadChannels(mixPath), candidate = AudioFile.LoadChannels(candidatePath);

        FitMix prepared = fitter.Prepare(mix.ToMono(), Stem.Bass);
        StemFit fit = fitter.Fit(prepared, candidate.ToMono());
        Console.WriteLine($"{100 * (fit.TempoRatio - 1):0.0} % faster, {fit.Semitones} semitones, from {fit.Start.TotalSeconds:0.00} s");

        FittedAudio fitted = FittedAudio.Render(fit, mix, candidate);
        fitted.Audio.Save(fittedPath);
        fitted.UnderMix(mix).Save(previewPath);
        // end of example

        Assert.Equal(mix.Length, MultichannelClip.Load(previewPath).Length);
        GuidePage.AssertShows("preview.md", "preview");
    }
}
