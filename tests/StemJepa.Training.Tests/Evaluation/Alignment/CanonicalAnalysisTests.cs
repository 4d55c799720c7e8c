using CsCheck;
using MathNet.Numerics.LinearAlgebra;
using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>Canonical correlations against the eigenvalues that define them (Hotelling 1936), by MathNet.</summary>
public sealed class CanonicalAnalysisTests
{
    private const int Features = 5, Rows = 400;
    private const double Ridge = 0.02;

    [Fact]
    public void Correlations_are_the_roots_of_the_eigenvalues() => Gen.Int[0, 1000].Sample(seed =>
    {
        (float[] mix, float[] candidate) = Related(seed);
        var analysis = new CanonicalAnalysis(Features);
        analysis.Add(mix[..(100 * Features)], candidate[..(100 * Features)]);
        analysis.Add(mix[(100 * Features)..], candidate[(100 * Features)..]);
        Assert.Equal(Rows, analysis.Rows);
        double[] found = analysis.Solve(Features).Correlations;
        Matrix<double> left = Standardised(mix), right = Standardised(candidate), identity = Matrix<double>.Build.DenseIdentity(Features);
        Matrix<double> both = left.TransposeThisAndMultiply(right);
        Matrix<double> product = (left.TransposeThisAndMultiply(left) + Ridge * identity)
            .Solve(both) * (right.TransposeThisAndMultiply(right) + Ridge * identity).Solve(both.Transpose());
        double[] expected = [.. product.Evd().EigenValues.Select(value => Math.Sqrt(Math.Max(0, value.Real))).OrderDescending()];
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }, iter: 30);

    /// <summary>
    /// The law: variables of one side correlate with their own partner as much as it says, to the ridge, and with no other.
    /// </summary>
    [Fact]
    public void Variables_correlate_with_their_partners_alone()
    {
        (float[] mix, float[] candidate) = Related(3);
        var analysis = new CanonicalAnalysis(Features);
        analysis.Add(mix, candidate);
        (float[] ofMix, float[] ofCandidate, double[] correlations) = analysis.Solve(3);
        Matrix<double> left = Matrix(mix) * Weights(ofMix, 3), right = Matrix(candidate) * Weights(ofCandidate, 3);
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
                Assert.Equal(i == j ? correlations[i] : 0, Correlation(left.Column(i), right.Column(j)), 0.05);
            double weight = left.Column(i).DotProduct(left.Column(i)) / Rows;
            Assert.Equal(correlations[i] / (1 - correlations[i] * correlations[i]), weight, 0.1 * weight);
        }
    }

    [Fact]
    public void A_feature_that_never_varies_has_no_weight_and_no_rows_are_refused()
    {
        (float[] mix, float[] candidate) = Related(4);
        for (int row = 0; row < Rows; row++)
            mix[row * Features + 2] = 0;
        var analysis = new CanonicalAnalysis(Features);
        analysis.Add(mix, candidate);
        (float[] weights, _, double[] correlations) = analysis.Solve(2);
        Assert.Equal((0f, 0f), (weights[2 * 2], weights[2 * 2 + 1]));
        Assert.All(weights, weight => Assert.True(float.IsFinite(weight)));
        Assert.InRange(correlations[0], 0.3, 0.99);
        Assert.Throws<InvalidOperationException>(() => new CanonicalAnalysis(Features).Solve(1));
    }

    /// <summary>Rows of noise, of which some combinations are shared, each feature on a scale of its own.</summary>
    private static (float[] Mix, float[] Candidate) Related(int seed)
    {
        var random = new Random(seed);
        float Noise() => random.NextSingle() - 0.5f;
        float[] mix = new float[Rows * Features], candidate = new float[Rows * Features];
        for (int row = 0; row < Rows; row++)
        {
            float first = Noise(), second = Noise();
            for (int i = 0; i < Features; i++)
            {
                mix[row * Features + i] = (i + 1) * (Noise() + (i - 1) * first + 0.5f * second);
                candidate[row * Features + i] = (9 - i) * (Noise() + (2 - i) * second + 0.3f * first);
            }
        }
        return (mix, candidate);
    }

    private static Matrix<double> Matrix(float[] rows) => Matrix<double>.Build.Dense(Rows, Features, (row, i) => rows[row * Features + i]);

    private static Matrix<double> Weights(float[] weights, int count) =>
        Matrix<double>.Build.Dense(Features, count, (i, direction) => weights[i * count + direction]);

    /// <summary>Rows whose columns have length 1.</summary>
    private static Matrix<double> Standardised(float[] rows) => Matrix(rows).NormalizeColumns(2);

    private static double Correlation(Vector<double> a, Vector<double> b) => a.DotProduct(b) / (a.L2Norm() * b.L2Norm());
}
