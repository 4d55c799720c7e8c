using CsCheck;
using StemJepa.TestSupport;

namespace StemJepa.Tests;

public sealed class StemEmbeddingTests
{
    private const int Length = 60;
    private const float Tolerance = 2e-6f;

    private static readonly Gen<StemEmbedding> Embeddings = Gen.Float[-5, 5].Array[Length].Select(v => new StemEmbedding(v));

    [Fact]
    public void Similarity_is_symmetric_and_within_one() =>
        Gen.Select(Embeddings, Embeddings).Sample((a, b) =>
        {
            float similarity = a.Similarity(b);
            Assert.Equal(similarity, b.Similarity(a));
            Assert.InRange(similarity, -1f, 1f);
        });

    [Fact]
    public void Similarity_with_itself_is_one() =>
        Embeddings.Sample(a => Assert.Equal(1f, a.Similarity(a), Tolerance));

    [Fact]
    public void Similarity_ignores_gain_and_offset_and_turns_with_the_sign() =>
        Gen.Select(Embeddings, Embeddings, Gen.Float[0.1f, 50f], Gen.Float[-20f, 20f]).Sample((a, b, gain, offset) =>
        {
            float expected = a.Similarity(b);
            Assert.Equal(expected, Map(a, v => gain * v).Similarity(b), Tolerance);
            Assert.Equal(expected, Map(a, v => v + offset).Similarity(b), 1e-4f);
            Assert.Equal(-expected, Map(a, v => -v).Similarity(b), Tolerance);
        });

    [Fact]
    public void Similarity_equals_the_cosine_of_layer_normed_vectors_in_double_precision() =>
        Gen.Select(Embeddings, Embeddings).Sample((a, b) =>
        {
            double[] left = LayerNormOracle.Compute(a), right = LayerNormOracle.Compute(b);
            double dot = left.Zip(right, (x, y) => x * y).Sum();
            double norms = Math.Sqrt(left.Sum(x => x * x) * right.Sum(x => x * x));
            Assert.Equal(dot / norms, a.Similarity(b), Tolerance);
        });

    [Fact]
    public void Unit_vectors_have_length_1_and_their_dot_product_is_the_similarity() =>
        Gen.Select(Embeddings, Embeddings).Sample((a, b) =>
        {
            float[] left = a.UnitVector.ToArray(), right = b.UnitVector.ToArray();
            Assert.Equal(1, left.Sum(x => (double)x * x), Tolerance);
            Assert.Equal(0, left.Sum(x => (double)x), 10 * Tolerance);
            Assert.Equal(a.Similarity(b), left.Zip(right, (x, y) => (double)x * y).Sum(), Tolerance);
        });

    [Fact]
    public void A_constant_vector_is_similar_to_nothing()
    {
        float[] ramp = Enumerable.Range(0, Length).Select(i => (float)i).ToArray();
        float[] constant = Enumerable.Repeat(0.1f, Length).ToArray();

        Assert.Equal(0f, new StemEmbedding(constant).Similarity(new StemEmbedding(ramp)));
        Assert.Equal(0f, new StemEmbedding(new float[Length]).Similarity(new StemEmbedding(constant)));
    }

    [Fact]
    public void Embeddings_of_different_lengths_are_refused()
    {
        var error = Assert.Throws<StemJepaException>(() => new StemEmbedding(new float[320]).Similarity(new StemEmbedding(new float[960])));
        Assert.Equal("Embeddings of 320 and 960 values come from different models: embed both recordings with the same one.",
            error.Message);
    }

    [Fact]
    public void The_vector_is_a_copy()
    {
        float[] source = new float[Length];
        var embedding = new StemEmbedding(source, TimeSpan.FromSeconds(2), isSilent: true);
        source[0] = 1;

        Assert.Equal(0f, embedding.Vector.Span[0]);
        Assert.Equal(TimeSpan.FromSeconds(2), embedding.Duration);
        Assert.True(embedding.IsSilent);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData((1 << 20) + 4)]
    public void A_length_that_no_model_gives_is_refused(int length) =>
        Assert.Throws<ArgumentException>(() => new StemEmbedding(new float[length]));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_value_that_is_not_finite_is_refused(float value) =>
        Assert.Throws<ArgumentException>(() => new StemEmbedding([0, 1, 2, value, 4]));

    [Fact]
    public void Saved_files_are_read_back_bit_for_bit_and_as_the_golden_files_are()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("a.npy");
        Embeddings.Sample(embedding =>
        {
            embedding.Save(path);
            Assert.Equal(embedding.Vector.ToArray(), StemEmbedding.Load(path).Vector.ToArray());
            (float[] values, int[] shape) = Npy.Read(path);
            Assert.Equal(embedding.Vector.ToArray(), values);
            Assert.Equal([Length], shape);
        }, iter: 20, threads: 1);
        Assert.Equal([path], Directory.GetFiles(folder.Root));
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", 3.25, true)]
    public void Files_remember_model_duration_and_silence(string? model, double? seconds, bool silent)
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("a.npy");
        new StemEmbedding(new float[Length], seconds is { } length ? TimeSpan.FromSeconds(length) : null, silent, model).Save(path);
        StemEmbedding loaded = StemEmbedding.Load(path);
        Assert.Equal((model, seconds, silent), (loaded.ModelHash, loaded.Duration?.TotalSeconds, loaded.IsSilent));
    }

    [Fact]
    public void Embeddings_of_different_models_are_not_compared()
    {
        float[] vector = [.. Enumerable.Range(0, Length).Select(i => (float)i)];
        StemEmbedding unknown = new(vector), a = new(vector, modelHash: new string('a', 64)),
            b = new(vector, modelHash: new string('b', 64));
        Assert.Equal(1, a.Similarity(unknown), 1e-6);
        Assert.Equal(1, a.Similarity(new StemEmbedding(vector, modelHash: new string('a', 64))), 1e-6);
        var error = Assert.Throws<StemJepaException>(() => a.Similarity(b));
        Assert.Equal(StemJepaErrorKind.ModelMismatch, error.Kind);
        Assert.Equal("Embeddings of the models aaaaaaaaaaaa and bbbbbbbbbbbb cannot be compared: embed both recordings with the same one.",
            error.Message);
    }

    [Fact]
    public void Saving_into_a_missing_folder_is_one_sentence()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("none/a.npy");
        Assert.StartsWith($"Cannot write {path}: ",
            Assert.Throws<StemJepaException>(() => new StemEmbedding(new float[5]).Save(path)).Message);
    }

    private static StemEmbedding Map(StemEmbedding embedding, Func<float, float> map) =>
        new(embedding.Vector.ToArray().Select(map).ToArray());
}
