using System.Text.Json.Nodes;
using System.Text;
using StemJepa.TestSupport;

namespace StemJepa.Tests;

/// <summary>Folders and options that cannot be used: one sentence that names the file and the cure.</summary>
public sealed class ModelLoadingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ModelLoadingTests() => GoldenModel.CopyTo(_folder.Root);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_untouched_folder_loads()
    {
        using StemAffinity affinity = StemAffinity.Load(_folder.Root);
        Assert.Equal(320, affinity.Model.EmbeddingLength);
        Assert.Equal(ExecutionProvider.Cpu, affinity.ExecutionProvider);
    }

    [Theory]
    [InlineData("context")]
    [InlineData("target")]
    [InlineData("predictor")]
    public void A_missing_truncated_or_altered_network_is_named(string role)
    {
        string path = NetworkPath(role);
        byte[] content = File.ReadAllBytes(path);

        File.WriteAllBytes(path, content[..^100]);
        AssertRefused($"{path} is damaged or altered");
        content[content.Length / 2] ^= 1;
        File.WriteAllBytes(path, content);
        AssertRefused($"{path} is damaged or altered");
        File.Delete(path);
        AssertRefused($"{path} is missing");
        Directory.CreateDirectory(path);
        AssertRefused($"{path} is a folder");
    }

    [Fact]
    public void A_file_that_matches_its_hash_and_is_no_network_is_named()
    {
        string path = NetworkPath("predictor");
        Replace(path, Encoding.UTF8.GetBytes("no network"));
        AssertRefused($"{path} is not a network that ONNX Runtime can load");
    }

    [Fact]
    public void A_network_in_the_place_of_another_is_named()
    {
        string path = NetworkPath("predictor");
        Replace(path, File.ReadAllBytes(NetworkPath("target")));
        AssertRefused($"{path} has the inputs log_mel, where model.json asks for the input patches of Single [-1, 5, -1, 64]");
    }

    [Fact]
    public void A_network_of_another_width_is_named()
    {
        Edit(json => json["encoder"]!["width"] = 128);
        AssertRefused($"{NetworkPath("context")} has the output patches of Single");
    }

    [Fact]
    public void A_missing_or_damaged_description_is_named()
    {
        string path = _folder.PathOf(ModelInfo.FileName);
        File.WriteAllText(path, File.ReadAllText(path)[..100]);
        AssertRefused($"{path} is not a StemJepa model description");
        File.Delete(path);
        AssertRefused($"{path} is missing");
    }

    [Fact]
    public void Cuda_without_the_gpu_package_is_a_clear_error()
    {
        var options = new StemAffinityOptions { ExecutionProvider = ExecutionProvider.Cuda };
        string message = Assert.Throws<StemJepaException>(() => StemAffinity.Load(_folder.Root, options)).Message;
        Assert.StartsWith("CUDA cannot be used (", message);
        Assert.Contains("StemJepa.Gpu", message);
        Assert.EndsWith("or choose the execution provider Auto or Cpu.", message);
    }

    [Fact]
    public void Auto_without_cuda_runs_on_the_processor_and_says_so_in_one_line()
    {
        var lines = new List<string>();
        using StemAffinity affinity = StemAffinity.Load(_folder.Root,
            new StemAffinityOptions { ExecutionProvider = ExecutionProvider.Auto, Log = lines.Add });

        Assert.Equal(ExecutionProvider.Cpu, affinity.ExecutionProvider);
        Assert.DoesNotContain('\n', Assert.Single(lines));
        Assert.StartsWith("StemJepa runs on the processor, because CUDA cannot be used (", lines[0]);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => StemAffinity.Load(_folder.Root, new StemAffinityOptions { Threads = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            StemAffinity.Load(_folder.Root, new StemAffinityOptions { ExecutionProvider = (ExecutionProvider)3 }));
        Assert.Throws<ArgumentException>(() => StemAffinity.Load(""));
        foreach (StemAffinityOptions options in (StemAffinityOptions[])[
            new() { Threads = 2000 }, new() { DeviceId = -1 }, new() { GpuBatchSize = 0 }, new() { GpuBatchSize = 257 }])
            Assert.Throws<ArgumentOutOfRangeException>(() => StemAffinity.Load(_folder.Root, options));
    }

    [Fact]
    public void The_most_threads_that_are_taken_start_and_end_at_once()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var options = new StemAffinityOptions { Threads = StemAffinityOptions.MaximumThreads };
        using (StemAffinity affinity = StemAffinity.Load(_folder.Root, options))
            affinity.Embed(GoldenModel.Music(16000, 1));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void A_network_that_gives_no_numbers_is_an_error_that_names_the_model()
    {
        string path = NetworkPath("target");
        byte[] content = File.ReadAllBytes(path);
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(LargestWeights(content)).Fill(float.NaN);
        Replace(path, content);

        using StemAffinity affinity = StemAffinity.Load(_folder.Root);
        StemJepaException error = Assert.Throws<StemJepaException>(() => affinity.Embed(GoldenModel.Music(16000, 1)));

        Assert.Contains($"The model '{affinity.Model.Name}' gives values that are not finite", error.Message);
    }

    [Theory]
    [InlineData(1e19f)]
    [InlineData(float.MaxValue)]
    public void A_sample_that_is_no_sound_is_refused(float sample)
    {
        using StemAffinity affinity = StemAffinity.Load(_folder.Root);
        var samples = new float[16000];
        samples[5000] = -sample;

        StemJepaException error = Assert.Throws<StemJepaException>(() => affinity.Embed(new AudioClip(samples, 16000)));

        Assert.Matches("The recording has samples (of up to|that are not finite)", error.Message);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(30, false)]
    [InlineData(1000, true)]
    [InlineData(int.MaxValue, true)]
    public void Samples_far_beyond_full_scale_are_embedded_and_marked(float gain, bool isMarked)
    {
        using StemAffinity affinity = StemAffinity.Load(_folder.Root);
        float[] samples = [.. GoldenModel.Music(16000, 1).Samples.ToArray().Select(sample => gain * sample)];

        Assert.Equal(isMarked, affinity.Embed(new AudioClip(samples, 16000)).IsBeyondFullScale);
    }

    /// <summary>The raw data (field 9) of the largest initializer (field 5) of the graph (field 7) of an ONNX model.</summary>
    private static Span<byte> LargestWeights(byte[] model)
    {
        ReadOnlySpan<byte> largest = default;
        for (var inModel = new ProtobufFields(model, "model"); inModel.Next();)
        {
            for (var inGraph = new ProtobufFields(inModel.Number == 7 ? inModel.Content : default, "graph"); inGraph.Next();)
            {
                for (var inTensor = new ProtobufFields(inGraph.Number == 5 ? inGraph.Content : default, "tensor"); inTensor.Next();)
                    largest = inTensor.Number == 9 && inTensor.Content.Length > largest.Length ? inTensor.Content : largest;
            }
        }
        Assert.True(((ReadOnlySpan<byte>)model).Overlaps(largest, out int start));
        return model.AsSpan(start, largest.Length);
    }

    private string NetworkPath(string role)
    {
        ModelFiles files = ModelInfo.Load(GoldenModel.Folder).Files;
        return _folder.PathOf(role switch { "context" => files.ContextEncoder, "target" => files.TargetEncoder, _ => files.Predictor });
    }

    private void Replace(string path, byte[] content)
    {
        File.WriteAllBytes(path, content);
        string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content));
        Edit(json => json["sha256"]![Path.GetFileName(path)] = hash);
    }

    private void Edit(Action<JsonNode> edit)
    {
        string path = _folder.PathOf(ModelInfo.FileName);
        JsonNode json = JsonNode.Parse(File.ReadAllText(path))!;
        edit(json);
        File.WriteAllText(path, json.ToJsonString());
    }

    private void AssertRefused(string start)
    {
        string message = Assert.Throws<StemJepaException>(() => StemAffinity.Load(_folder.Root)).Message;
        Assert.StartsWith(start, message);
        Assert.EndsWith(".", message);
        Assert.Contains(": ", message);
        Assert.DoesNotContain('\n', message);
    }
}
