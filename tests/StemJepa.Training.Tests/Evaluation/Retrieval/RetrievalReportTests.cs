using System.Text.Json;
using SkiaSharp;
using StemJepa.TestSupport;
using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>The results file against the names that scripts rely on, and what is made of it.</summary>
public sealed class RetrievalReportTests
{
    private static readonly RetrievalQuery[] Queries =
        [.. Enumerable.Range(0, 40).Select(i => new RetrievalQuery(i < 20 ? $"real{i / 4}" : $"composed-test_{i / 4}", Stem.Roles[i % 4]))];

    [Fact]
    public void Names_that_shipped_stay_and_new_ones_stand_beside_them()
    {
        using var stream = new MemoryStream();
        Report().Write(stream);
        using JsonDocument json = JsonDocument.Parse(stream.ToArray());
        JsonElement root = json.RootElement;

        Assert.Equal(40, root.GetProperty("model").GetProperty("queries").GetInt32());
        Assert.Equal(1, root.GetProperty("per_stem").GetProperty("bass").GetProperty("recall@1").GetDouble());
        Assert.Equal(1, root.GetProperty("same_stem").GetProperty("recall@1").GetDouble());
        Assert.Equal(["random"], root.GetProperty("baselines").EnumerateObject().Select(baseline => baseline.Name));
        Assert.Equal(["random", "model", "model_aligned"], root.GetProperty("methods").EnumerateObject().Select(method => method.Name));
        Assert.Equal(10, root.GetProperty("songs").GetInt32());
        Assert.Equal(1, root.GetProperty("methods").GetProperty("model").GetProperty("same_stem_top1_of").GetProperty("8").GetDouble());
        Assert.Equal(5, root.GetProperty("real_only").GetProperty("songs").GetInt32());
        Assert.Equal(20, root.GetProperty("real_only").GetProperty("methods").GetProperty("model").GetProperty("all")
            .GetProperty("queries").GetInt32());
        Assert.Equal(0, root.GetProperty("real_only").GetProperty("gap").GetProperty("model").GetProperty("recall@1").GetDouble());
        Assert.Equal(0.33, root.GetProperty("published").GetProperty("MUSDB18").GetProperty("stem_jepa").GetProperty("recall@1")
            .GetDouble());
    }

    [Fact]
    public void A_file_is_read_back_as_it_was_written()
    {
        using var folder = new TemporaryFolder();
        using (FileStream stream = File.Create(folder.PathOf("a.json")))
            Report().Write(stream);
        using (FileStream stream = File.Create(folder.PathOf("b.json")))
            RetrievalReport.Read(folder.PathOf("a.json")).Write(stream);
        Assert.Equal(File.ReadAllText(folder.PathOf("a.json")), File.ReadAllText(folder.PathOf("b.json")));
    }

    [Fact]
    public void Recall_curves_are_drawn()
    {
        using SKBitmap image = SKBitmap.Decode(RecallPlot.Render(Report()));
        Assert.Equal((1200, 800), (image.Width, image.Height));
        Assert.True(image.Pixels.Distinct().Count() > 20);
    }

    private static RetrievalReport Report()
    {
        AffinityMatrix right = AffinityMatrix.Compute(Queries.Length, (query, target) => query == target ? 1 : 0),
            wrong = new(Queries.Length);
        MeasuredMethod[] methods = [.. new[] { ("random", wrong), ("model", right), ("model_aligned", right) }.Select(item =>
            MeasuredMethod.Compute(item.Item1, Queries, item.Item2))];
        return RetrievalReport.Create("corpus", "small", segmentPatches: 1, methods, new Provenance("2026-11-24", "machine", "commit"));
    }
}
