using SkiaSharp;
using StemJepa.TestSupport;
using StemJepa.Training.Training;

namespace StemJepa.Training.Tests.Training;

/// <summary>Pictures of logs: that they are PNGs with something drawn, and what the smoothed curve is.</summary>
public sealed class TrainingPlotTests
{
    [Fact]
    public void A_log_of_both_stages_is_drawn()
    {
        using var folder = new TemporaryFolder();
        string picture = folder.PathOf("log.png"), file = folder.PathOf("log.csv");
        using (var log = new TrainingLog(file, firstStep: 0))
        {
            for (int step = 0; step < 400; step++)
                log.Write(new LogRow(step, step < 100 ? "contrastive" : "jepa", 4 - step / 200.0, 1, 2, 1e-4, 1, step % 50 == 49
                    ? step / 400.0 : null, step % 50 == 49 ? 0.1 : null));
        }
        TrainingPlot.Write(file, picture);

        using SKBitmap image = SKBitmap.Decode(picture);
        Assert.Equal((1200, 900), (image.Width, image.Height));
        Assert.True(image.Pixels.Distinct().Count() > 20);
    }

    [Fact]
    public void Logs_without_validation_and_with_values_that_are_not_finite_are_drawn()
    {
        LogRow[] rows = [new(0, "contrastive", 4.5, 0, 4.5, 1e-4, 1), new(1, "contrastive", double.NaN, 0, double.NaN, 1e-4, 1)];
        using SKBitmap image = SKBitmap.Decode(TrainingPlot.Render(rows));
        Assert.Equal(1200, image.Width);
    }

    [Fact]
    public void A_log_with_fewer_columns_keeps_its_rows_and_a_cut_row_is_dropped()
    {
        using var folder = new TemporaryFolder();
        string header = "Step,Stage,Loss,Regression,Contrastive,LearningRate,Seconds,ValidationRecallAt1,ValidationMeanRank\n";
        File.WriteAllText(folder.PathOf("log.csv"), header + "0,jepa,3,1,2,0.1,1,0.5,0.25\n1,jepa,3,1");
        LogRow row = Assert.Single(TrainingLog.Read(folder.PathOf("log.csv")));
        Assert.Equal((0.5, (double?)null), (row.ValidationRecallAt1!.Value, row.ValidationAlignedRecallAt1));
    }

    [Fact]
    public void Empty_log_writes_nothing()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("log.csv"), "");
        TrainingPlot.Write(folder.PathOf("log.csv"), folder.PathOf("log.png"));
        Assert.False(File.Exists(folder.PathOf("log.png")));
    }

    [Fact]
    public void Smoothing_is_the_mean_of_what_came_before() => Assert.Equal([2, 3, 4, 6, 8], TrainingPlot.Smooth([2, 4, 6, 8, 10], 3));
}
