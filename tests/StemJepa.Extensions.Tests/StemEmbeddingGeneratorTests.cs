using System.Numerics.Tensors;
using Microsoft.Extensions.AI;
using StemJepa.TestSupport;

namespace StemJepa.Extensions.Tests;

/// <summary>Oracle: <see cref="IStemAffinity.Embed(AudioClip)"/> and <see cref="StemEmbedding.Similarity"/>.</summary>
public sealed class StemEmbeddingGeneratorTests(GoldenModel golden) : IClassFixture<GoldenModel>
{
    private readonly StemEmbeddingGenerator _generator = new(golden.Affinity);

    [Fact]
    public async Task A_batch_has_the_bits_of_single_embeddings_in_order()
    {
        AudioClip[] clips =
            [.. Enumerable.Range(0, 9).Select(seed => GoldenModel.Music(8000 + 3000 * seed, seed)), new AudioClip(new float[8000], 16000)];
        GeneratedEmbeddings<Embedding<float>> batch = await _generator.GenerateAsync(clips);
        StemEmbedding[] single = [.. clips.Select(clip => golden.Affinity.Embed(clip))];
        Assert.Equal(clips.Length, batch.Count);
        Assert.All(batch.Zip(single), pair => Assert.Equal(pair.Second.UnitVector.ToArray(), pair.First.Vector.ToArray()));
        Assert.Equal(single.Select(embedding => embedding.Duration?.TotalSeconds),
            batch.Select(embedding => (double?)embedding.AdditionalProperties![StemEmbeddingGenerator.SecondsProperty]));
        Assert.Equal(single.Select(embedding => embedding.IsSilent),
            batch.Select(embedding => (bool)embedding.AdditionalProperties![StemEmbeddingGenerator.SilentProperty]!));
        Assert.All(batch, embedding => Assert.Equal(golden.Affinity.Model.Name, embedding.ModelId));
    }

    [Fact]
    public async Task The_cosine_of_two_vectors_is_their_similarity()
    {
        AudioClip[] clips = [.. Enumerable.Range(0, 4).Select(seed => GoldenModel.Music(20000, seed))];
        GeneratedEmbeddings<Embedding<float>> batch = await _generator.GenerateAsync(clips);
        StemEmbedding[] single = [.. clips.Select(clip => golden.Affinity.Embed(clip))];
        foreach ((int i, int j) in from i in Enumerable.Range(0, 4) from j in Enumerable.Range(0, 4) select (i, j))
        {
            Assert.Equal(single[i].Similarity(single[j]), TensorPrimitives.CosineSimilarity(batch[i].Vector.Span, batch[j].Vector.Span),
                1e-5f);
            Assert.Equal(single[i].Similarity(single[j]), TensorPrimitives.Dot(batch[i].Vector.Span, batch[j].Vector.Span), 1e-5f);
        }
    }

    [Fact]
    public async Task An_empty_batch_is_an_empty_answer() => Assert.Empty(await _generator.GenerateAsync([]));

    [Fact]
    public void Metadata_are_the_model_s()
    {
        EmbeddingGeneratorMetadata metadata = _generator.GetRequiredService<EmbeddingGeneratorMetadata>();
        Assert.Equal(("stemjepa", golden.Affinity.Model.Name, (int?)golden.Affinity.Model.EmbeddingLength),
            (metadata.ProviderName, metadata.DefaultModelId, metadata.DefaultModelDimensions));
        Assert.Same(golden.Affinity, _generator.GetService(typeof(IStemAffinity)));
        Assert.Same(golden.Affinity.Model, _generator.GetService(typeof(ModelInfo)));
        Assert.Same(_generator, _generator.GetService(typeof(IEmbeddingGenerator<AudioClip, Embedding<float>>)));
        Assert.Null(_generator.GetService(typeof(string)));
        Assert.Null(_generator.GetService(typeof(ModelInfo), "key"));
    }

    [Fact]
    public async Task Wrong_batches_and_options_are_refused_by_name()
    {
        AudioClip clip = GoldenModel.Music(8000, 1);
        await Assert.ThrowsAsync<ArgumentNullException>(() => _generator.GenerateAsync(null!));
        Assert.StartsWith("Recording 1 is null.",
            (await Assert.ThrowsAsync<ArgumentException>(() => _generator.GenerateAsync([clip, null!]))).Message);
        Assert.StartsWith("Recording 2 of the batch cannot be embedded: ",
            (await Assert.ThrowsAsync<StemJepaException>(() =>
            _generator.GenerateAsync([clip, clip, new AudioClip(new float[] { float.NaN }, 16000)]))).Message);
        Assert.StartsWith("The options ask for 7 dimensions",
            (await Assert.ThrowsAsync<ArgumentException>(() => _generator.GenerateAsync([clip], new() { Dimensions = 7 }))).Message);
        Assert.StartsWith("The options ask for the model 'other'",
            (await Assert.ThrowsAsync<ArgumentException>(() => _generator.GenerateAsync([clip], new() { ModelId = "other" }))).Message);
        var own =
            new EmbeddingGenerationOptions { Dimensions = golden.Affinity.Model.EmbeddingLength, ModelId = golden.Affinity.Model.Name };
        Assert.Single(await _generator.GenerateAsync([clip], own));
    }

    [Fact]
    public async Task A_cancelled_batch_ends()
    {
        using var cancel = new CancellationTokenSource();
        IEnumerable<AudioClip> clips = Enumerable.Repeat(GoldenModel.Music(8 * GoldenModel.SampleRate, 1), 200);
        Task<GeneratedEmbeddings<Embedding<float>>> batch = _generator.GenerateAsync(clips, null, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => batch);
    }
}
