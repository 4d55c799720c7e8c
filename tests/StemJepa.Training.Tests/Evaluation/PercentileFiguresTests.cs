using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

public sealed class PercentileFiguresTests
{
    /// <summary>Worked by hand.</summary>
    [Fact]
    public void Figures_are_means_medians_and_shares()
    {
        PercentileFigures figures = PercentileFigures.Compute([1, 0.92, 0.8, 0.98], [0, 0.2, 0.5, 0.6, 0.95, 0.98, 0.91, 0.3, 0.1, 0.46]);
        Assert.Equal(4, figures.Queries);
        Assert.Equal(0.5, figures.OthersMean, 1e-12);
        Assert.Equal((0.4, 0.3, 0.1), (figures.OthersAbove50, figures.OthersAbove90, figures.OthersAbove97));
        Assert.Equal(0.95, figures.MatchingMedian, 1e-12);
        Assert.Equal(0.75, figures.MatchingAbove90);
    }
}
