using StemJepa.TestSupport;

namespace StemJepa.Packages.Tests.Guide;

/// <summary>
/// The examples of docs/guide/analysis.md and gpu.md. Oracle: a recording fits itself without a shift, on whichever provider there is.
/// </summary>
public sealed class AnalysisTests
{
    private readonly AudioClip _mix = GoldenModel.Clip("mix.wav");

    [ShippedHeadsFact]
    public void A_recording_fits_itself_without_a_shift_and_is_described()
    {
        using StemAffinity model = StemAffinity.Create();
        AudioClip mix = _mix, bass = _mix;

        // Example: align
        StemAlignment alignment = model.Align(mix, bass, Stem.Bass);
        Console.WriteLine($"starts {alignment.BestShift.TotalSeconds:0.00} s after the mix");
        // end of example

        // Example: analyze
        using StemAnalyzer analyzer = StemAnalyzer.Create(model);
        StemAnalysis analysis = analyzer.Analyze(bass);
        Console.WriteLine($"{analysis.Key}, {analysis.Tempo:0.0} BPM, {analysis.Beats.Count} beats, {analysis.Instrument}");
        // end of example

        Assert.InRange(alignment.BestShift.TotalSeconds, -0.02, 0.02);
        Assert.InRange(analysis.Tempo, 30, 300);
        GuidePage.AssertShows("analysis.md", "align");
        GuidePage.AssertShows("analysis.md", "analyze");
    }

    [ShippedModelFact]
    public void Auto_runs_somewhere_and_says_when_it_is_the_processor()
    {
        // Example: provider
        var options = new StemAffinityOptions { ExecutionProvider = ExecutionProvider.Auto, Log = Console.WriteLine };
        using StemAffinity model = StemAffinity.Create(options);
        Console.WriteLine($"runs on {model.ExecutionProvider}");
        // end of example

        Assert.NotEqual(ExecutionProvider.Auto, model.ExecutionProvider);
        GuidePage.AssertShows("gpu.md", "provider");
    }
}
