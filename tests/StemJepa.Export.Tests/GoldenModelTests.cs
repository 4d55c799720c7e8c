using StemJepa.TestSupport;

namespace StemJepa.Export.Tests;

/// <summary>The oracle is the published PyTorch implementation, on its own weights: <c>tests/golden</c>.</summary>
public sealed class GoldenModelTests : IDisposable
{
    private const int GoldenHeads = 4;
    private readonly TemporaryFolder _temporary = new();

    public static TheoryData<string> Files => ["official.safetensors", "official.ckpt"];

    public void Dispose() => _temporary.Dispose();

    [Theory, MemberData(nameof(Files))]
    public void The_encoder_gives_the_published_patches_of_a_window(string file)
    {
        using ExportedModel model = Export(file);
        Close.Equal(Golden.Npy("encoder_800.npy").Values, model.EncodeContext(GoldenLogMel.Window(), GoldenLogMel.Clips));
    }

    [Theory, MemberData(nameof(Files))]
    public void The_encoder_gives_the_published_patches_of_a_padded_tail(string file)
    {
        using ExportedModel model = Export(file);
        Close.Equal(Golden.Npy("encoder_tail16.npy").Values, model.EncodeContext(GoldenLogMel.Tail(), GoldenLogMel.Clips));
    }

    [Theory, MemberData(nameof(Files))]
    public void The_predictor_gives_the_published_patches_for_every_stem(string file)
    {
        using ExportedModel model = Export(file);
        float[] mix = GoldenLogMel.Clip(Golden.Npy("encoder_800.npy").Values, 0);
        Close.Equal(Golden.Npy("predictor_800.npy").Values, model.Predict([.. mix, .. mix, .. mix, .. mix], 0, 1, 2, 3));
    }

    [Theory, MemberData(nameof(Files))]
    public void The_whole_chain_gives_the_published_queries(string file)
    {
        using ExportedModel model = Export(file);
        float[] window = model.EncodeContext(GoldenLogMel.Clip(GoldenLogMel.Window(), 0), 1);
        float[] tail = model.EncodeContext(GoldenLogMel.Clip(GoldenLogMel.Tail(), 0), 1);
        float[] expected = Golden.Npy("query_bass_drums_other_vocals.npy").Values;
        for (int stem = 0; stem < 4; stem++)
            Close.Equal(
                expected[(stem * 320)..((stem + 1) * 320)], Embedding(model.Width, model.Predict(window, stem), model.Predict(tail, stem)));
    }

    [Theory, MemberData(nameof(Files))]
    public void The_target_encoder_gives_the_published_embedding_of_the_vocals(string file)
    {
        using ExportedModel model = Export(file);
        float[] window = model.EncodeTarget(GoldenLogMel.Clip(GoldenLogMel.Window(), 1), 1);
        float[] tail = model.EncodeTarget(GoldenLogMel.Clip(GoldenLogMel.Tail(), 1), 1);
        Close.Equal(Golden.Npy("target_vocals.npy").Values, Embedding(model.Width, window, tail));
    }

    [Fact]
    public void A_shared_encoder_is_the_target_encoder_for_mixes_too()
    {
        using ExportedModel model =
            ExportedModel.Create(_temporary, Golden.PathOf("official.safetensors"), GoldenHeads, EncoderSharing.Shared);
        Assert.Equal("encoder.onnx", model.Info.Files.ContextEncoder);
        Assert.Equal("encoder.onnx", model.Info.Files.TargetEncoder);
        float[] window = model.EncodeContext(GoldenLogMel.Clip(GoldenLogMel.Window(), 1), 1);
        float[] tail = model.EncodeContext(GoldenLogMel.Clip(GoldenLogMel.Tail(), 1), 1);
        Close.Equal(Golden.Npy("target_vocals.npy").Values, Embedding(model.Width, window, tail));
    }

    /// <summary>The law: what is computed for a clip does not depend on the clips beside it, at any length.</summary>
    [Fact]
    public void Batch_and_time_are_free()
    {
        const int Time = 7, Batch = 3;
        using ExportedModel model = Export();
        var random = new Random(1);
        float[][] clips = [.. Enumerable.Range(0, Batch)
            .Select(_ => Enumerable.Range(0, 80 * 16 * Time).Select(_ => (float)random.NextDouble() * 4 - 2).ToArray())];
        long[] stems = [3, 0, 2];
        float[][] patches = [.. clips.Select(clip => model.EncodeContext(clip, 1))];
        float[][] predictions = [.. patches.Zip(stems, (clip, stem) => model.Predict(clip, stem))];
        Assert.Equal(5 * Time * model.Width, patches[0].Length);
        float[] together = model.EncodeContext([.. clips.SelectMany(clip => clip)], Batch);
        Close.Equal([.. patches.SelectMany(clip => clip)], together);
        Close.Equal([.. predictions.SelectMany(clip => clip)], model.Predict(together, stems));
    }

    private ExportedModel Export(string file = "official.safetensors") =>
        ExportedModel.Create(_temporary, Golden.PathOf(file), GoldenHeads);

    /// <summary>The retrieval embedding: mean over the time of all chunks, then layer norm without weights.</summary>
    private static float[] Embedding(int width, params float[][] chunks)
    {
        var mean = new double[5 * width];
        int total = chunks.Sum(chunk => chunk.Length / mean.Length);
        foreach (float[] chunk in chunks)
        {
            int time = chunk.Length / mean.Length;
            for (int i = 0; i < chunk.Length; i++)
                mean[i / (time * width) * width + i % width] += chunk[i] / total;
        }
        double average = mean.Average();
        double deviation = Math.Sqrt(mean.Average(value => (value - average) * (value - average)) + 1e-5);
        return Array.ConvertAll(mean, value => (float)((value - average) / deviation));
    }
}
