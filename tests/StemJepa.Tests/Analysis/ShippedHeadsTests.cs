using StemJepa.TestSupport;
using StemJepa.Tests.Inference;

namespace StemJepa.Tests.Analysis;

public sealed class ShippedHeadsTests
{
    private const int MaximumBytes = 1_000_000;

    [ShippedHeadsFact]
    public void Heads_belong_to_the_shipped_encoder_and_take_under_a_megabyte()
    {
        var model = new EmbeddedModel();
        HeadsInfo heads = HeadsInfo.Read(model, model.ReadInfo());
        Assert.InRange(heads.Heads.Values.Sum(head => model.ReadBeside(head.File)!.Length), 1, MaximumBytes);
        foreach (HeadInfo head in heads.Heads.Values)
            ModelHash.Check(model.ReadBeside(head.File), head.Sha256, head.File);
        Assert.Equal(Enumerable.Range(0, MusicalKey.Count).Select(key => MusicalKey.FromNumber(key).ToString()), heads.Heads[HeadsInfo.Key].Classes!);
    }

    [ShippedHeadsFact]
    public void The_default_model_analyses_a_recording()
    {
        using StemAffinity model = StemAffinity.Create();
        AudioClip mix = GoldenModel.Clip("mix.wav");
        StemAnalysis analysis = model.Analyze(mix);
        Assert.InRange(analysis.KeyConfidence, 1.0 / MusicalKey.Count, 1);
        Assert.InRange(analysis.Tempo, 30, 300);
        Assert.Equal(analysis.Beats.Order(), analysis.Beats);
        Assert.All(analysis.Beats, beat => Assert.InRange(beat, 0, mix.Duration.TotalSeconds));
    }
}
