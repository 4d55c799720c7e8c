using System.Text.Json.Nodes;
using StemJepa.TestSupport;

namespace StemJepa.Tests;

/// <summary>A model that knows a guitar and strings beside the four roles, which are the golden model's.</summary>
public sealed class MoreStemsTests : IDisposable
{
    private static readonly Stem Guitar = Stem.Parse("guitar"), Strings = Stem.Parse("strings"), Piano = Stem.Parse("piano");

    private readonly StemAffinity _model = StemAffinity.Load(GoldenModel.FolderWithGuitar);

    public void Dispose() => _model.Dispose();

    [Fact]
    public void The_roles_are_predicted_as_by_the_model_of_four_to_the_bit()
    {
        using StemAffinity four = StemAffinity.Load(GoldenModel.Folder);
        AudioClip mix = GoldenModel.Clip("mix.wav");
        Assert.Equal(Stem.Roles, four.Model.Stems);
        Assert.Equal([.. Stem.Roles, Guitar, Strings], _model.Model.Stems);
        foreach (Stem role in Stem.Roles)
            Assert.Equal(four.Predict(mix, role).Vector.ToArray(), _model.Predict(mix, role).Vector.ToArray());
    }

    /// <summary>The exporter's tests show that each label has its own vector; here, that a label is a position in the list.</summary>
    [Fact]
    public async Task A_family_is_predicted_by_its_own_label()
    {
        AudioClip mix = GoldenModel.Clip("mix.wav"), vocals = GoldenModel.Clip("vocals.wav");
        StemEmbedding[] predictions = [.. _model.Model.Stems.Select(stem => _model.Predict(mix, stem))];
        Assert.Equal(6, predictions.Select(prediction => prediction.Vector.Span[0]).Distinct().Count());
        using var folder = new TemporaryFolder();
        using StemAffinity turned = Changed(folder, stems => (stems[4], stems[5]) = ("strings", "guitar"));
        Assert.Equal(predictions[4].Vector.ToArray(), turned.Predict(mix, Strings).Vector.ToArray());
        Assert.Equal(predictions[5].Vector.ToArray(), turned.Predict(mix, Guitar).Vector.ToArray());
        Assert.Equal(predictions[4].Similarity(_model.Embed(vocals)), _model.Affinity(mix, vocals, Guitar));
        Assert.Equal(_model.Affinity(mix, vocals, Guitar), (await _model.RankAsync(mix, [vocals], Guitar))[0].Affinity);
    }

    [Fact]
    public async Task What_the_model_does_not_know_is_one_sentence_that_lists_what_it_knows()
    {
        AudioClip mix = GoldenModel.Music(5000, 1);
        Func<Task>[] calls =
        [
            () => Task.FromResult(_model.Predict(mix, Piano)), () => Task.FromResult(_model.Affinity(mix, mix, Piano)),
            () => Task.FromResult(_model.Rank(mix, [mix], Piano)), () => _model.PredictAsync(mix, Piano),
            () => _model.RankAsync(mix, [mix], Piano),
        ];
        foreach (Func<Task> call in calls)
        {
            StemJepaException error = await Assert.ThrowsAsync<StemJepaException>(call);
            Assert.Equal("'piano' is not a stem that the model 'golden' knows; use one of bass, drums, other, vocals, guitar, strings.",
                error.Message);
            Assert.Equal(StemJepaErrorKind.UnknownStem, error.Kind);
        }
    }

    [Fact]
    public void More_stems_in_the_description_than_in_the_network_are_one_sentence()
    {
        using var folder = new TemporaryFolder();
        using StemAffinity model = Changed(folder, stems => stems.Add("piano"));
        AudioClip mix = GoldenModel.Music(5000, 1);
        string message = Assert.Throws<StemJepaException>(() => model.Predict(mix, Piano)).Message;
        Assert.StartsWith(folder.PathOf("predictor.onnx"), message);
        Assert.DoesNotContain('\n', message);
        Assert.False(model.Predict(mix, Guitar).IsSilent);
    }

    private static StemAffinity Changed(TemporaryFolder folder, Action<JsonArray> change)
    {
        foreach (string file in Directory.GetFiles(GoldenModel.FolderWithGuitar))
            File.Copy(file, folder.PathOf(Path.GetFileName(file)));
        string path = folder.PathOf("model.json");
        JsonNode description = JsonNode.Parse(File.ReadAllText(path))!;
        change(description["stems"]!.AsArray());
        File.WriteAllText(path, description.ToJsonString());
        return StemAffinity.Load(folder.Root);
    }
}
