using CsCheck;
using StemJepa.Export.Graphs;
using StemJepa.TestSupport;

namespace StemJepa.Export.Tests;

public sealed class PrecisionTests
{
    private static readonly string Weights = Repository.PathOf("training/weights/small.safetensors");

    /// <summary>
    /// The law: every weight is within half a step of what it was rounded to, and the largest of each output keeps its full range.
    /// </summary>
    [Fact]
    public void Weights_are_rounded_to_the_nearest_step_of_their_output() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 9]).SelectMany((inputs, outputs) =>
        Gen.Select(Gen.Float[-3, 3].Array[inputs * outputs], Gen.Const(outputs))).Sample((matrix, outputs) =>
    {
        (sbyte[] rounded, float[] scales) = Int8Projections.Round(matrix, outputs);
        for (int i = 0; i < matrix.Length; i++)
            Assert.InRange(Math.Abs(matrix[i] - rounded[i] * scales[i % outputs]), 0, Math.Max(scales[i % outputs] * 0.5001f, 1e-35f));
        for (int output = 0; output < outputs; output++)
            Assert.Equal(scales[output] > 0 ? 127 : 0, rounded.Where((_, i) => i % outputs == output).Max(value => Math.Abs((int)value)));
    });

    /// <summary>The law: the nearest 16-bit float, by the distance to its neighbours.</summary>
    [Fact]
    public void Weights_are_rounded_to_the_nearest_half() => Gen.Float[-1e5f, 1e5f].Sample(weight =>
    {
        Half rounded = HalfProjections.Round(weight);
        float error = Math.Abs((float)rounded - weight);
        Assert.True(Half.IsFinite(rounded));
        foreach (Half other in new[] { Half.BitIncrement(rounded), Half.BitDecrement(rounded) })
            Assert.True(!Half.IsFinite(other) || error <= Math.Abs((float)other - weight));
    });

    [Theory]
    [InlineData("int8", 0.995f, 0.6)]
    [InlineData("fp16", 0.9999f, 0.7)]
    public void Shipped_model_in_float32_gives_nearly_the_same_embeddings(string precision, float leastCosine, double largestShare)
    {
        using var temporary = new TemporaryFolder();
        string exact = temporary.PathOf("exact"), rounded = temporary.PathOf("rounded");
        ModelExporter.Export(new ExportOptions { From = Weights, Out = exact });
        ModelInfo info = ModelExporter.Export(new ExportOptions { From = Weights, Out = rounded, Precision = precision });
        Assert.Equal(precision, info.Precision);
        using StemAffinity float32 = StemAffinity.Load(exact), coarse = StemAffinity.Load(rounded);
        AudioClip mix = AudioClip.Load(Golden.PathOf("mix.wav")), vocals = AudioClip.Load(Golden.PathOf("vocals.wav"));
        StemEmbedding embedding = float32.Embed(vocals), nearly = coarse.Embed(vocals);
        Assert.NotEqual(embedding.Vector.ToArray(), nearly.Vector.ToArray());
        Assert.InRange(WithoutModel(embedding).Similarity(WithoutModel(nearly)), leastCosine, 1f);
        Assert.InRange(WithoutModel(float32.Predict(mix, Stem.Bass)).Similarity(WithoutModel(coarse.Predict(mix, Stem.Bass))), leastCosine,
            1f);
        Assert.True(new FileInfo(Path.Combine(rounded, info.Files.TargetEncoder))
            .Length < largestShare * new FileInfo(Path.Combine(exact, info.Files.TargetEncoder)).Length);
    }

    /// <summary>Roundings of one model count as different models; here they are compared on purpose.</summary>
    private static StemEmbedding WithoutModel(StemEmbedding embedding) => new(embedding.Vector.Span);
}
