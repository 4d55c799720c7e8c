using StemJepa.TestSupport;

namespace StemJepa.Analysis.Tests;

public sealed class ShippedHeadsTests
{
    private const int MaximumBytes = 1_000_000;

    [ShippedHeadsFact]
    public void Heads_belong_to_the_shipped_encoder_and_take_under_a_megabyte()
    {
        HeadsSource source = HeadsSource.Shipped;
        HeadsInfo heads = HeadsInfo.Read(source, new EmbeddedModel().ReadInfo());
        Assert.InRange(heads.Heads.Values.Sum(head => source.Read(head.File)!.Length), 1, MaximumBytes);
        foreach (HeadInfo head in heads.Heads.Values)
            ModelHash.Check(source.Read(head.File), head.Sha256, head.File);
        Assert.Equal(Enumerable.Range(0, MusicalKey.Count).Select(key => MusicalKey.FromNumber(key).ToString()),
            heads.Heads[HeadsInfo.Key].Classes!);
    }

    [ShippedHeadsFact]
    public void Heads_refuse_another_model_and_calls_after_Dispose()
    {
        using StemAffinity other = StemAffinity.Load(GoldenModel.Folder);
        Assert.Contains("belongs to another encoder", Assert.Throws<StemJepaException>(() => StemAnalyzer.Create(other)).Message);
        Assert.Equal(StemJepaErrorKind.NotFound, Assert.Throws<StemJepaException>(() => StemAnalyzer.Load(other, GoldenModel.Folder)).Kind);
        using StemAffinity model = StemAffinity.Create();
        StemAnalyzer analyzer = StemAnalyzer.Create(model);
        analyzer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => analyzer.Analyze(GoldenModel.Music(16000, 1)));
    }

    /// <summary>One tempo, and its beats.</summary>
    [ShippedHeadsFact]
    public void Tempo_and_beats_agree()
    {
        using StemAffinity model = StemAffinity.Create();
        using StemAnalyzer analyzer = StemAnalyzer.Create(model);
        StemAnalysis analysis = analyzer.Analyze(GoldenModel.Clip("mix.wav"));
        Assert.Equal(BeatLikelihood.Tempo([.. analysis.Beats]) ?? analysis.Tempo, analysis.Tempo, 1e-9);
    }

    [ShippedHeadsFact]
    public void The_default_model_analyses_a_recording()
    {
        using StemAffinity model = StemAffinity.Create();
        AudioClip mix = GoldenModel.Clip("mix.wav");
        using StemAnalyzer analyzer = StemAnalyzer.Create(model);
        StemAnalysis analysis = analyzer.Analyze(mix);
        Assert.InRange(analysis.KeyConfidence, 1.0 / MusicalKey.Count, 1);
        Assert.InRange(analysis.Tempo, 30, 300);
        Assert.Equal(analysis.Beats.Order(), analysis.Beats);
        Assert.All(analysis.Beats, beat => Assert.InRange(beat, 0, mix.Duration.TotalSeconds));
    }
}
