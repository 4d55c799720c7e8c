using StemJepa.TestSupport;
using StemJepa.Training.Networks;

namespace StemJepa.Export.Tests;

/// <summary>Weights that are not a Stem-JEPA model are refused in one sentence that names what is wrong.</summary>
public sealed class BadWeightsTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Every_missing_extra_and_misshaped_tensor_is_named()
    {
        string message = Refused(entries =>
        {
            entries.Remove("encoder.norm.bias");
            entries.Remove("predictor.blocks.2.weight");
            entries["target_encoder.blocks.1.attn.qkv.bias"] =
                new SafetensorsEntry("target_encoder.blocks.1.attn.qkv.bias", [191], new float[191]);
            entries["optimizer.step"] = new SafetensorsEntry("optimizer.step", [1], new long[1]);
            entries["encoder.blocks.9999999.norm1.bias"] = new SafetensorsEntry("encoder.blocks.9999999.norm1.bias", [64], new float[64]);
        }, "encoder.norm.bias");
        Assert.Contains("missing: encoder.norm.bias", message);
        Assert.Contains("unexpected: ", message);
        Assert.Contains("optimizer.step", message);
        Assert.Contains("encoder.blocks.9999999.norm1.bias", message);
        Assert.Contains("target_encoder.blocks.1.attn.qkv.bias [191] instead of [192]", message);
    }

    [Fact]
    public void Of_many_tensors_that_do_not_belong_there_some_are_named() => Refused(entries =>
    {
        for (int i = 0; i < 100; i++)
            entries[$"optimiser.{i}"] = new SafetensorsEntry($"optimiser.{i}", [1], new float[1]);
    }, " and 92 more)");

    [Fact]
    public void A_missing_layer_of_the_predictor_is_named() =>
        Refused(entries => entries.Remove("predictor.blocks.2.weight"), "predictor.blocks.2.weight");

    [Fact]
    public void A_missing_block_is_named() => Refused(entries =>
    {
        foreach (string name in entries.Keys.Where(name => name.Contains("encoder.blocks.0.")).ToArray())
            entries.Remove(name);
    }, "missing: encoder.blocks.0.norm1.weight");

    [Fact]
    public void Weights_of_a_diverged_training_are_refused() => Refused(entries =>
        entries["encoder.norm.bias"] = new SafetensorsEntry("encoder.norm.bias", [64], Enumerable.Repeat(float.NaN, 64).ToArray()), "NaN");

    [Fact]
    public void Heads_that_do_not_divide_the_width_are_refused() => Refused(_ => { }, "--heads with a divisor of 64", heads: 5);

    [Fact]
    public void A_configuration_that_contradicts_the_tensors_is_refused() =>
        Refused(_ => { }, "depth 3", new WeightsConfig { Depth = 3 }.ToMetadata());

    [Fact]
    public void A_heads_option_that_contradicts_the_configuration_is_refused() =>
        Refused(_ => { }, "4 heads", new WeightsConfig { Heads = 4 }.ToMetadata(), heads: 2);

    [Fact]
    public void A_damaged_configuration_is_refused() =>
        Refused(_ => { }, "$.width", new Dictionary<string, string> { ["config"] = """{"width": "wide"}""" });

    [Theory]
    [InlineData("mix.wav", "mix.wav")]
    [InlineData("absent.safetensors", "absent.safetensors")]
    public void Other_files_are_refused(string name, string expected)
    {
        var error = Assert.Throws<StemJepaException>(() => Export(Golden.PathOf(name), heads: 4));
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void A_checkpoint_by_another_name_is_recognised()
    {
        File.Copy(Golden.PathOf("official.ckpt"), _temporary.PathOf("weights.safetensors"));
        Export(_temporary.PathOf("weights.safetensors"), heads: 4);
        Assert.Equal(64, ModelInfo.Load(_temporary.PathOf("model")).Encoder.Width);
    }

    /// <summary>What <c>torch.compile</c> puts into names is left out in safetensors too; a tensor under both names is refused.</summary>
    [Fact]
    public void A_tensor_under_its_plain_and_its_compiled_name_is_refused() => Refused(entries =>
        entries["encoder._orig_mod.norm.bias"] = new SafetensorsEntry("encoder._orig_mod.norm.bias", [64], new float[64]), "twice");

    [Fact]
    public void Compiled_names_in_safetensors_are_read()
    {
        string path = _temporary.PathOf("compiled.safetensors");
        using (var good = SafetensorsFile.Open(Golden.PathOf("official.safetensors")))
        {
            SafetensorsFile.Write(path, good.Tensors.Select(tensor => new SafetensorsEntry(
                tensor.Name.Replace("encoder.", "encoder._orig_mod."), tensor.Type, tensor.Shape.AsSpan(), good.ReadBytes(tensor.Name))));
        }
        Export(path, heads: 4);
        Assert.Equal(2, ModelInfo.Load(_temporary.PathOf("model")).Encoder.Depth);
    }

    private string Refused(Action<Dictionary<string, SafetensorsEntry>> damage, string expected, IReadOnlyDictionary<string,
        string>? metadata = null, int heads = 4)
    {
        string path = _temporary.PathOf("bad.safetensors");
        using (var good = SafetensorsFile.Open(Golden.PathOf("official.safetensors")))
        {
            var entries =
                good.Tensors.ToDictionary(t => t.Name, t => new SafetensorsEntry(t.Name, t.Type, t.Shape.AsSpan(), good.ReadBytes(t.Name)));
            damage(entries);
            SafetensorsFile.Write(path, entries.Values, metadata);
        }
        var error = Assert.Throws<StemJepaException>(() => Export(path, heads));
        Assert.StartsWith(path, error.Message);
        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal([path], Directory.GetFileSystemEntries(_temporary.Root));
        return error.Message;
    }

    private void Export(string weights, int heads) =>
        ModelExporter.Export(new ExportOptions { From = weights, Out = _temporary.PathOf("model"), Heads = heads });
}
