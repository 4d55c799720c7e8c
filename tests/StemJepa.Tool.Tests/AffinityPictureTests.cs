using SkiaSharp;
using StemJepa.Tool.Demo;

namespace StemJepa.Tool.Tests;

public sealed class AffinityPictureTests
{
    private static readonly string[] Titles =
    [
        "Flood the City", "On The Next Day", "The Raging Sun", "Animal Skin", "Freedoom 2 RUNNIN", "Alone With Colors",
        "Freedoom 1 E2M4", "FreeDM THE_DA", "About The Summer", "Black Mountain", "The Syntax Of Time", "Red Foot",
    ];

    [Fact]
    public void Picture_is_a_png_with_a_bright_diagonal_where_the_true_stems_fit_best()
    {
        byte[] png =
            AffinityPicture.Render([.. Stem.Roles.Select(Ranking)], Titles, "The true stem came first 44 times of 48.");
        if (Environment.GetEnvironmentVariable("STEMJEPA_TEST_PICTURE") is { Length: > 0 } path)
            File.WriteAllBytes(path, png);

        using SKBitmap bitmap = SKBitmap.Decode(png);
        Assert.True(bitmap.Width >= 1000 && bitmap.Height >= 1000);
        var colours = new HashSet<uint>();
        for (int y = 0; y < bitmap.Height; y += 7)
        {
            for (int x = 0; x < bitmap.Width; x += 7)
                colours.Add((uint)bitmap.GetPixel(x, y));
        }
        Assert.True(colours.Count > 50, $"only {colours.Count} colours");
    }

    private static DemoRanking Ranking(Stem stem)
    {
        var random = new Random(stem.Role);
        var affinities = new float[Titles.Length, Titles.Length];
        for (int row = 0; row < Titles.Length; row++)
        {
            for (int column = 0; column < Titles.Length; column++)
                affinities[row, column] = random.NextSingle() * 0.6f - 0.1f + (row == column ? 0.4f : 0);
        }
        return new DemoRanking(stem, affinities);
    }
}
