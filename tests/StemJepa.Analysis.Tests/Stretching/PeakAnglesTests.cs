namespace StemJepa.Analysis.Tests;

/// <summary>The oracles are the runtime's own functions.</summary>
public sealed class PeakAnglesTests
{
    [Fact]
    public void Phases_are_those_of_the_runtime()
    {
        double[] angles = [.. Enumerable.Range(0, 720).Select(i => (i - 359.5) * Math.PI / 360)], phases = new double[angles.Length];
        foreach (double radius in new[] { 1e-12, 1, 1e9 })
        {
            double[] re = Array.ConvertAll(angles, angle => radius * Math.Cos(angle));
            double[] im = Array.ConvertAll(angles, angle => radius * Math.Sin(angle));
            PeakAngles.Phases(re, im, angles.Length, phases);
            Assert.All(angles.Zip(phases), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
        }
    }

    [Fact]
    public void Axes_and_zero_have_phases()
    {
        double[] re = [0, 1, 0, -1, 0, 1, -1, 1], im = [0, 0, 1, 0, -1, 1, 1, -1], phases = new double[8];
        PeakAngles.Phases(re, im, 8, phases);
        double[] expected = [.. re.Zip(im, (x, y) => Math.Atan2(y, x))];
        Assert.All(expected.Zip(phases), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
    }

    [Fact]
    public void Sines_and_cosines_are_those_of_the_runtime()
    {
        double[] angles = [.. Enumerable.Range(0, 800).Select(i => (i - 400) * Math.PI / 400)];
        double[] sines = new double[800], cosines = new double[800];
        PeakAngles.SinCos(angles, 800, sines, cosines);
        for (int i = 0; i < angles.Length; i++)
        {
            Assert.Equal(Math.Sin(angles[i]), sines[i], 1e-12);
            Assert.Equal(Math.Cos(angles[i]), cosines[i], 1e-12);
        }
    }
}
