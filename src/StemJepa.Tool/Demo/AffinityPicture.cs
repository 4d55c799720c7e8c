using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Demo;

/// <summary>The affinity matrices of the demo as one picture: a heat map for each kind of stem.</summary>
internal static class AffinityPicture
{
    private const int Width = 1800;
    private const int HeaderHeight = 190;
    private const int PanelsHeight = 1660;
    private const float Margin = 44;
    private static readonly Color TrueStem = Colors.White;
    private static readonly Color WrongGuess = Color.FromHex("#ff5a36");
    private static readonly PixelPadding PanelPadding = new(left: 220, right: 100, bottom: 170, top: 60);

    /// <summary>Renders the picture as PNG.</summary>
    /// <param name="rankings">One for each kind of stem, four in all.</param>
    /// <param name="titles">The songs' names.</param>
    /// <param name="summary">One sentence under the headline.</param>
    public static byte[] Render(IReadOnlyList<DemoRanking> rankings, IReadOnlyList<string> titles, string summary)
    {
        var multiplot = new Multiplot { Layout = new ScottPlot.MultiplotLayouts.Grid(rows: 2, columns: 2) };
        while (multiplot.Subplots.Count > 0)
            multiplot.Subplots.RemoveAt(0);
        foreach (DemoRanking ranking in rankings)
            multiplot.Subplots.Add(CreatePanel(ranking, titles));

        using SKSurface panels = SKSurface.Create(new SKImageInfo(Width, PanelsHeight));
        multiplot.Render(panels.Canvas, new PixelRect(0, Width, PanelsHeight, 0));
        using SKSurface surface = SKSurface.Create(new SKImageInfo(Width, HeaderHeight + PanelsHeight));
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.DrawSurface(panels, 0, HeaderHeight);
        DrawHeader(surface.Canvas, summary);
        using SKImage image = surface.Snapshot();
        using SKData png = image.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    private static void DrawHeader(SKCanvas canvas, string summary)
    {
        using SKTypeface typeface = PictureFont.CreateTypeface();
        using var headline = new SKFont(typeface, 42) { Embolden = true };
        using var text = new SKFont(typeface, 24);
        using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        using var faint = new SKPaint { Color = new SKColor(0x48, 0x48, 0x48), IsAntialias = true };
        canvas.DrawText("Which stem fits which mix?", Margin, 62, headline, ink);
        canvas.DrawText(summary, Margin, 104, text, ink);
        canvas.DrawText("Rows: mixes that lost the stem.  Columns: the songs whose stem was tried.  Brighter fits better.", Margin, 139,
            text, faint);
        canvas.DrawText("White frame: the mix's own stem.  Red dot: the stem that was wrongly preferred.", Margin, 172, text, faint);
    }

    private static Plot CreatePanel(DemoRanking ranking, IReadOnlyList<string> titles)
    {
        Plot plot = PictureFont.CreatePlot();
        string stem = ranking.Stem.Name;
        int found = Enumerable.Range(0, ranking.Songs).Count(song => ranking.RankOfTrue(song) == 1);
        plot.Title($"{DemoTable.Label(stem)}: {found} of {ranking.Songs} found", 28);
        AddHeatMap(plot, ranking);
        AddMarks(plot, ranking);
        LabelAxes(plot, titles);
        plot.Layout.Fixed(PanelPadding);
        return plot;
    }

    private static void AddHeatMap(Plot plot, DemoRanking ranking)
    {
        var cells = new double[ranking.Songs, ranking.Songs];
        for (int row = 0; row < ranking.Songs; row++)
        {
            for (int column = 0; column < ranking.Songs; column++)
                cells[row, column] = ranking.Affinities[row, column];
        }
        ScottPlot.Plottables.Heatmap map = plot.Add.Heatmap(cells);
        map.Colormap = new ScottPlot.Colormaps.Viridis();
        ScottPlot.Panels.ColorBar bar = plot.Add.ColorBar(map);
        bar.Width = 22;
        bar.Axis.TickGenerator = new NumericAutomatic { TargetTickCount = 6 };
        bar.Axis.TickLabelStyle.FontSize = 16;
        plot.Axes.SetLimits(-0.5, ranking.Songs - 0.5, -0.5, ranking.Songs - 0.5);
    }

    /// <summary>Row 0 is drawn at the top.</summary>
    private static void AddMarks(Plot plot, DemoRanking ranking)
    {
        for (int song = 0; song < ranking.Songs; song++)
        {
            double y = ranking.Songs - 1 - song;
            ScottPlot.Plottables.Rectangle frame = plot.Add.Rectangle(song - 0.46, song + 0.46, y - 0.46, y + 0.46);
            frame.FillColor = Colors.Transparent;
            frame.LineColor = TrueStem;
            frame.LineWidth = 3;
            int best = ranking.Best(song);
            if (best != song)
                plot.Add.Marker(best, y, MarkerShape.FilledCircle, 12, WrongGuess);
        }
    }

    private static void LabelAxes(Plot plot, IReadOnlyList<string> titles)
    {
        plot.Axes.Left.TickGenerator = new NumericManual(
            [.. Enumerable.Range(0, titles.Count).Select(song => (double)(titles.Count - 1 - song))], [.. titles]);
        plot.Axes.Bottom.TickGenerator = new NumericManual([.. Enumerable.Range(0, titles.Count).Select(song => (double)song)],
            [.. titles]);
        plot.Axes.Bottom.TickLabelStyle.Rotation = -45;
        plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleRight;
        foreach (IAxis axis in new IAxis[] { plot.Axes.Left, plot.Axes.Bottom })
        {
            axis.TickLabelStyle.FontSize = 17;
            axis.MajorTickStyle.Length = 6;
            axis.MajorTickStyle.Color = Colors.Transparent;
        }
        plot.HideGrid();
    }
}
