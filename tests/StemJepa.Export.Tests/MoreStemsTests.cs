using StemJepa.TestSupport;
using StemJepa.Training.Networks;

namespace StemJepa.Export.Tests;

/// <summary>
/// Weights that know more stems than the four roles: the golden ones with two more vectors. They are also what
/// <c>tests/golden-model-guitar</c> is exported from.
/// </summary>
public sealed class MoreStemsTests : IDisposable
{
    private const int Heads = 4, Width = 64;
    private const string Vectors = "predictor.source_embed.weight";

    private static readonly Stem[] Six = [.. Stem.Roles, Stem.Parse("guitar"), Stem.Parse("strings")];

    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    /// <summary>The oracle is a model of four labels whose first vectors are the fifth and sixth of this one.</summary>
    [Fact]
    public void Each_label_is_predicted_with_its_own_vector()
    {
        float[] six = SixVectors();
        using ExportedModel model = Export("six", six, Six);
        using ExportedModel moved = Export("moved", [.. six[(4 * Width)..], .. six[..(2 * Width)]], null);
        Assert.Equal(Six, model.Info.Stems);
        Assert.Equal(Stem.Roles, moved.Info.Stems);
        float[] mix = GoldenLogMel.Clip(Golden.Npy("encoder_800.npy").Values, 0);
        Assert.Equal(moved.Predict(mix, 0), model.Predict(mix, 4));
        Assert.Equal(moved.Predict(mix, 1), model.Predict(mix, 5));
        Assert.Equal(moved.Predict(mix, 2), model.Predict(mix, 0));
        Assert.NotEqual(model.Predict(mix, 2), model.Predict(mix, 5));
        Close.Equal(Golden.Npy("predictor_800.npy").Values, model.Predict([.. mix, .. mix, .. mix, .. mix], 0, 1, 2, 3));
    }

    [Fact]
    public void Vectors_that_the_file_does_not_name_are_refused()
    {
        string message = Assert.Throws<StemJepaException>(() => Export("none", SixVectors(), null)).Message;
        Assert.Contains($"{Vectors} [6, 64] instead of [4, 64]", message);
        message = Assert.Throws<StemJepaException>(() => Export("five", SixVectors(), Six[..5])).Message;
        Assert.Contains($"{Vectors} [6, 64] instead of [5, 64]", message);
        message = Assert.Throws<StemJepaException>(() => Export("twice", SixVectors(), [.. Stem.Roles, Six[4], Six[4]])).Message;
        Assert.Contains("names the stem guitar twice", message);
    }

    [Fact]
    public void The_model_with_a_guitar_that_tests_share_is_what_the_exporter_writes()
    {
        using ExportedModel model = Export("golden", SixVectors(), Six);
        using var shared = new ExportedModel(GoldenModel.FolderWithGuitar);
        Assert.Equal(model.Info.Stems, shared.Info.Stems);
        float[] mix = GoldenLogMel.Clip(Golden.Npy("encoder_800.npy").Values, 0);
        for (int label = 0; label < Six.Length; label++)
            Assert.Equal(model.Predict(mix, label), shared.Predict(mix, label));
    }

    private ExportedModel Export(string name, float[] vectors, IReadOnlyList<Stem>? stems)
    {
        string path = _temporary.PathOf($"{name}.safetensors");
        using (var golden = SafetensorsFile.Open(Golden.PathOf("official.safetensors")))
        {
            SafetensorsFile.Write(path, golden.Tensors.Select(tensor => tensor.Name == Vectors
                ? new SafetensorsEntry(Vectors, [vectors.Length / Width, Width], vectors)
                : new SafetensorsEntry(tensor.Name, tensor.Type, tensor.Shape.AsSpan(), golden.ReadBytes(tensor.Name))),
                stems is null ? null : new WeightsConfig { Stems = stems }.ToMetadata());
        }
        ModelExporter.Export(new ExportOptions { From = path, Out = _temporary.PathOf(name), Heads = Heads, License = "MIT" });
        return new ExportedModel(_temporary.PathOf(name));
    }

    private static float[] SixVectors()
    {
        using var golden = SafetensorsFile.Open(Golden.PathOf("official.safetensors"));
        var random = new Random(1);
        return [.. golden.ReadFloats(Vectors), .. Enumerable.Range(0, 2 * Width).Select(_ => 2 * random.NextSingle() - 1)];
    }
}
