using StemJepa.TestSupport;

namespace StemJepa.Tests;

public sealed class ShippedModelTests
{
    [ShippedModelFact]
    public void Embedded_files_match_the_hashes_in_model_json()
    {
        var model = new EmbeddedModel();
        ModelInfo info = model.ReadInfo();
        foreach (string file in new[] { info.Files.ContextEncoder, info.Files.TargetEncoder, info.Files.Predictor })
            ModelHash.Check(model.ReadFile(info, file), info.Sha256[file], model.NameOf(file));
    }

    [ShippedModelFact]
    public void The_default_model_embeds_and_predicts()
    {
        using StemAffinity affinity = StemAffinity.Create();
        AudioClip mix = GoldenModel.Clip("mix.wav"), vocals = GoldenModel.Clip("vocals.wav");

        Assert.Equal(affinity.Model.EmbeddingLength, affinity.Embed(vocals).Vector.Length);
        Assert.InRange(affinity.Affinity(mix, vocals, Stem.Vocals), -1f, 1f);
    }
}
