using System.Text.Json;
using StemJepa.TestSupport;

namespace StemJepa.Tests;

/// <summary>Against the published PyTorch implementation's embeddings of the golden recordings.</summary>
public sealed class StemAffinityGoldenTests(GoldenModel model) : IClassFixture<GoldenModel>
{
    private const float Tolerance = 1e-4f;

    private readonly StemAffinity _affinity = model.Affinity;

    public static TheoryData<Stem> Roles => [.. Stem.Roles];

    [Fact]
    public void Embedding_of_the_vocals_equals_the_reference()
    {
        StemEmbedding embedding = _affinity.Embed(GoldenModel.Clip("vocals.wav"));

        AssertLayerNormed(Golden.Npy("target_vocals.npy").Values, embedding);
        Assert.Equal(TimeSpan.FromSeconds(8), embedding.Duration);
        Assert.False(embedding.IsSilent);
    }

    [Theory, MemberData(nameof(Roles))]
    public void Prediction_from_the_mix_equals_the_reference(Stem stem)
    {
        ReadOnlySpan<float> expected = Golden.Npy("query_bass_drums_other_vocals.npy").Values;
        int length = _affinity.Model.EmbeddingLength;

        StemEmbedding prediction = _affinity.Predict(GoldenModel.Clip("mix.wav"), stem);

        AssertLayerNormed(expected.Slice(stem.Role * length, length), prediction);
    }

    [Theory, MemberData(nameof(Roles))]
    public void Affinity_of_mix_and_vocals_equals_the_reference_cosine(Stem stem)
    {
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Golden.PathOf("expected.json")));

        float affinity = _affinity.Affinity(GoldenModel.Clip("mix.wav"), GoldenModel.Clip("vocals.wav"), stem);

        Assert.Equal(expected.RootElement.GetProperty("cosine")[stem.Role].GetSingle(), affinity, Tolerance);
    }

    [Fact]
    public void A_stream_gives_the_same_bits_as_a_clip()
    {
        using AudioReader stream = WavReader.Open(Golden.PathOf("vocals.wav"));
        Assert.Equal(_affinity.Embed(GoldenModel.Clip("vocals.wav")).Vector.ToArray(), _affinity.Embed(stream).Vector.ToArray());
    }

    [Fact]
    public async Task Async_calls_give_the_same_bits()
    {
        AudioClip mix = GoldenModel.Clip("mix.wav"), vocals = GoldenModel.Clip("vocals.wav");
        Assert.Equal(_affinity.Embed(vocals).Vector.ToArray(), (await _affinity.EmbedAsync(vocals)).Vector.ToArray());
        Assert.Equal(_affinity.Predict(mix, Stem.Bass).Vector.ToArray(), (await _affinity.PredictAsync(mix, Stem.Bass)).Vector.ToArray());
    }

    private static void AssertLayerNormed(ReadOnlySpan<float> expected, StemEmbedding actual)
    {
        double[] normed = LayerNormOracle.Compute(actual);
        Assert.Equal(expected.Length, normed.Length);
        for (int i = 0; i < normed.Length; i++)
            Assert.Equal(expected[i], normed[i], Tolerance);
    }
}
