using System.Text.Json.Nodes;
using System.Text;
using StemJepa.TestSupport;

namespace StemJepa.Tests;

public sealed class ModelInfoTests
{
    private const string Hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static readonly string Example = $$"""
        {
          "format": "stemjepa", "version": 1, "name": "small", "license": "MIT",
          "front_end": {"sample_rate": 16000, "n_fft": 400, "hop": 160, "mel_bands": 80, "f_min": 50, "f_max": 8000,
            "log_offset": 1.1920929e-7, "mean": -9.453, "std": 3.569},
          "encoder": {"width": 192, "depth": 6, "heads": 3, "patch_embedding": "convolutional", "patch": [16, 16], "max_time_patches": 50},
          "predictor": {"hidden": [1024, 512]},
          "stems": ["bass", "drums", "other", "vocals"],
          "files": {"context_encoder": "encoder.onnx", "target_encoder": "target_encoder.onnx", "predictor": "predictor.onnx"},
          "sha256": {"encoder.onnx": "{{Hash}}", "target_encoder.onnx": "{{Hash}}", "predictor.onnx": "{{Hash}}"},
          "operators": "standard", "precision": "fp32",
          "corpus": {"name": "songs", "songs": 12, "hours": 1.5, "steps": 3000}, "metrics": {"recall@1": 0.33}
        }
        """;

    [Fact]
    public void Model_json_of_the_contract_is_read()
    {
        ModelInfo info = Parse(Example);

        Assert.Equal("small", info.Name);
        Assert.Equal(ModelFrontEnd.Reference, info.FrontEnd);
        Assert.Equal((192, 6, 3, PatchEmbedding.Convolutional),
            (info.Encoder.Width, info.Encoder.Depth, info.Encoder.Heads, info.Encoder.PatchEmbedding));
        Assert.Equal([1024, 512], info.Predictor.Hidden);
        Assert.Equal("target_encoder.onnx", info.Files.TargetEncoder);
        Assert.Equal("standard", info.Operators);
        Assert.Equal(new ModelCorpus { Name = "songs", Songs = 12, Hours = 1.5, Steps = 3000 }, info.Corpus);
        Assert.Equal(0.33, info.Metrics["recall@1"]);
        Assert.Equal(960, info.EmbeddingLength);
    }

    [Fact]
    public void Rotary_time_positions_are_read_and_need_heads_of_an_even_number_of_channels()
    {
        Assert.Equal(TimePositions.Absolute, Parse(Example).Encoder.TimePositions);
        string rotary = Example.Replace("\"heads\": 3,", "\"heads\": 3, \"time_positions\": \"rotary\",");
        Assert.Equal(TimePositions.Rotary, Parse(rotary).Encoder.TimePositions);
        AssertRefused(rotary.Replace("\"heads\": 3", "\"heads\": 64"));
    }

    [Fact]
    public void Saved_json_equals_the_contract_json()
    {
        using var folder = new TemporaryFolder();
        Parse(Example).Save(folder.Root);

        JsonNode? saved = JsonNode.Parse(File.ReadAllText(folder.PathOf(ModelInfo.FileName)));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Example), saved), saved?.ToJsonString());
        Assert.Equal([ModelInfo.FileName], Directory.GetFiles(folder.Root).Select(Path.GetFileName));
        Assert.Equal("small", ModelInfo.Load(folder.Root).Name);
    }

    [Theory]
    [InlineData("format", "\"other\"")]
    [InlineData("format", null)]
    [InlineData("version", "2")]
    [InlineData("name", "\"\"")]
    [InlineData("license", null)]
    [InlineData("front_end", null)]
    [InlineData("front_end", "null")]
    [InlineData("front_end.hop", "320")]
    [InlineData("front_end.std", "0")]
    [InlineData("front_end.mean", "1e999")]
    [InlineData("encoder.width", "190")]
    [InlineData("encoder.width", "1000000000")]
    [InlineData("encoder.width", "\"wide\"")]
    [InlineData("encoder.depth", "0")]
    [InlineData("encoder.heads", "5")]
    [InlineData("encoder.patch_embedding", "\"fourier\"")]
    [InlineData("encoder.patch_embedding", "7")]
    [InlineData("encoder.time_positions", "\"relative\"")]
    [InlineData("encoder.time_positions", "null")]
    [InlineData("encoder.patch", "[16, 8]")]
    [InlineData("encoder.patch", "null")]
    [InlineData("encoder.max_time_patches", "500")]
    [InlineData("predictor.hidden", "[0]")]
    [InlineData("predictor.hidden", "null")]
    [InlineData("stems", "[\"bass\", \"drums\"]")]
    [InlineData("stems", null)]
    [InlineData("stems", "null")]
    [InlineData("stems", "[]")]
    [InlineData("stems", "7")]
    [InlineData("stems", "[\"bass\", \"other\", \"drums\", \"vocals\"]")]
    [InlineData("stems", "[\"guitar\", \"bass\", \"drums\", \"other\", \"vocals\"]")]
    [InlineData("stems", "[\"bass\", \"drums\", \"other\", \"vocals\", \"guitar\", \"guitar\"]")]
    [InlineData("stems", "[\"bass\", \"drums\", \"other\", \"vocals\", \"Bass\"]")]
    [InlineData("stems", "[\"bass\", \"drums\", \"other\", \"vocals\", \"gui tar\"]")]
    [InlineData("stems", "[\"bass\", \"drums\", \"other\", \"vocals\", \"\\u001b[2J\"]")]
    [InlineData("stems", "[\"bass\", \"drums\", \"other\", \"vocals\", \"\"]")]
    [InlineData("stems", "[\"bass\", \"drums\", \"other\", \"vocals\", null]")]
    [InlineData("stems", "[\"bass\", \"drums\", \"other\", \"vocals\", 4]")]
    [InlineData("files.predictor", "null")]
    [InlineData("files.predictor", "\"../predictor.onnx\"")]
    [InlineData("files.predictor", "\"..\"")]
    [InlineData("files.predictor", "\"/etc/passwd\"")]
    [InlineData("files.predictor", "\"a\\\\b.onnx\"")]
    [InlineData("files.predictor", "\"model.json\"")]
    [InlineData("files.predictor", "\"unhashed.onnx\"")]
    [InlineData("sha256", "{}")]
    [InlineData("sha256", "null")]
    [InlineData("operators", "\"other\"")]
    [InlineData("precision", "\"\"")]
    [InlineData("metrics", "{\"recall@1\": \"high\"}")]
    public void A_wrong_field_is_refused_in_one_sentence_that_names_the_file(string path, string? value)
    {
        JsonObject root = JsonNode.Parse(Example)!.AsObject();
        string[] keys = path.Split('.');
        JsonObject parent = keys.Length == 1 ? root : root[keys[0]]!.AsObject();
        parent.Remove(keys[^1]);
        if (value is not null)
            parent.Add(keys[^1], JsonNode.Parse(value));

        AssertRefused(root.ToJsonString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("\u0000\u0001")]
    public void What_is_not_a_description_is_refused(string json) => AssertRefused(json);

    [Fact]
    public void A_missing_folder_a_file_for_a_folder_and_a_folder_without_json_are_told_apart()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("file"), "");

        Assert.Contains("does not exist", Assert.Throws<StemJepaException>(() => ModelInfo.Load(folder.PathOf("none"))).Message);
        Assert.Contains("is a file", Assert.Throws<StemJepaException>(() => ModelInfo.Load(folder.PathOf("file"))).Message);
        Assert.Contains("model.json is missing", Assert.Throws<StemJepaException>(() => ModelInfo.Load(folder.Root)).Message);
    }

    [Fact]
    public void Stems_are_the_four_roles_and_up_to_60_others_and_their_positions_are_the_labels()
    {
        Assert.Equal(Stem.Roles, Parse(Example).Stems);
        ModelInfo most = Parse(WithStems(60));
        Assert.Equal(64, most.Stems.Count);
        Assert.All(most.Stems.Select((stem, label) => (stem, label)), pair => Assert.Equal(pair.label, most.LabelOf(pair.stem)));
        foreach (int more in new[] { 61, 9996 })
        {
            string message = Assert.Throws<StemJepaException>(() => Parse(WithStems(more))).Message;
            Assert.Equal(
                $"folder/model.json names {4 + more} stems, where this version of StemJepa takes up to 64: export the model again.", message);
        }

        static string WithStems(int more) => Example.Replace("\"vocals\"]",
            $"\"vocals\", {string.Join(", ", Enumerable.Range(0, more).Select(i => $"\"family-{i}\""))}]");
    }

    [Fact]
    public void A_stem_that_the_model_does_not_know_is_an_error_that_lists_what_it_knows()
    {
        var error = Assert.Throws<StemJepaException>(() => Parse(Example).LabelOf(Stem.Parse("guitar")));
        Assert.Equal(StemJepaErrorKind.UnknownStem, error.Kind);
        Assert.Equal("'guitar' is not a stem that the model 'small' knows; use one of bass, drums, other, vocals.", error.Message);
    }

    private static ModelInfo Parse(string json) => ModelInfo.Parse(Encoding.UTF8.GetBytes(json), "folder/model.json");

    private static void AssertRefused(string json)
    {
        string message = Assert.Throws<StemJepaException>(() => Parse(json)).Message;
        Assert.StartsWith("folder/model.json ", message);
        Assert.EndsWith(": export the model again.", message);
    }
}
