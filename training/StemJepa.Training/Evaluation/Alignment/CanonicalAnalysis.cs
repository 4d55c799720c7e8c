using MathNet.Numerics.LinearAlgebra;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// Canonical correlation analysis (Hotelling 1936) of pairs of rows, of mixes and of the stems that they lack: in which combinations of
/// features do both correlate most? One caller at a time.
/// </summary>
/// <param name="features">Values of a row.</param>
internal sealed class CanonicalAnalysis(int features)
{
    /// <summary>
    /// Ridge added to the variance of every standardised feature, so that no direction depends on features that hardly vary.
    /// </summary>
    private const double Ridge = 0.02;

    /// <summary>The most that two variables count as correlated.</summary>
    private const double MostCorrelated = 0.99;

    private readonly Matrix<double> _mix = Matrix<double>.Build.Dense(features, features),
        _candidate = Matrix<double>.Build.Dense(features, features), _both = Matrix<double>.Build.Dense(features, features);

    /// <summary>Rows that were added.</summary>
    public long Rows { get; private set; }

    /// <summary>Adds rows that belong together, one by one.</summary>
    /// <param name="mix">[rows, features], their mean over time taken off.</param>
    /// <param name="candidate">[rows, features]; where one has more rows than the other, those are left out.</param>
    public void Add(float[] mix, float[] candidate)
    {
        int rows = Math.Min(mix.Length, candidate.Length) / features;
        Matrix<double> left = Columns(mix, rows), right = Columns(candidate, rows);
        left.TransposeAndMultiply(left).Add(_mix, _mix);
        right.TransposeAndMultiply(right).Add(_candidate, _candidate);
        left.TransposeAndMultiply(right).Add(_both, _both);
        Rows += rows;
    }

    /// <summary>
    /// The directions of the highest correlations r, each weighted by the square root of r / (1 - r²) on both sides: the sum of the
    /// products of both sides' variables is then, except for terms that do not depend on the pairing, the log-likelihood ratio that the
    /// rows belong together, if they are Gaussian.
    /// </summary>
    /// <param name="count">Directions, up to the number of features.</param>
    /// <returns>Weights, [features, count], and the correlations, descending.</returns>
    /// <exception cref="InvalidOperationException">No rows were added.</exception>
    public (float[] Mix, float[] Candidate, double[] Correlations) Solve(int count)
    {
        if (Rows == 0)
            throw new InvalidOperationException("There are no rows to analyse.");
        Vector<double> left = Scales(_mix), right = Scales(_candidate);
        Matrix<double> lower = Regularised(_mix, left), other = Regularised(_candidate, right);
        Matrix<double> both = Scaled(_both, left, right);
        var svd = other.Solve(lower.Solve(both).Transpose()).Transpose().Svd();
        double[] correlations = [.. svd.S.Take(count).Select(r => Math.Min(r, MostCorrelated))];
        return (Weights(lower, svd.U, left, correlations), Weights(other, svd.VT.Transpose(), right, correlations), correlations);
    }

    /// <summary>Rows as the columns of a matrix.</summary>
    private Matrix<double> Columns(float[] rows, int count) =>
        Matrix<double>.Build.Dense(features, count, (feature, row) => rows[row * features + feature]);

    /// <summary>Computes the factor that standardises each feature; 0 for one that never varies.</summary>
    private Vector<double> Scales(Matrix<double> covariance) =>
        Vector<double>.Build.DenseOfEnumerable(covariance.Diagonal().Select(sum => sum > 0 ? 1 / Math.Sqrt(sum / Rows) : 0));

    private Matrix<double> Scaled(Matrix<double> covariance, Vector<double> left, Vector<double> right) =>
        covariance.MapIndexed((i, j, sum) => sum / Rows * left[i] * right[j]);

    /// <summary>The Cholesky factor of the correlations.</summary>
    private Matrix<double> Regularised(Matrix<double> covariance, Vector<double> scales) =>
        (Scaled(covariance, scales, scales) + Ridge * Matrix<double>.Build.DenseIdentity(features)).Cholesky().Factor;

    private static float[] Weights(Matrix<double> factor, Matrix<double> directions, Vector<double> scales, double[] correlations)
    {
        Matrix<double> solved = factor.Transpose().Solve(directions);
        return
        [
            .. Enumerable.Range(0, scales.Count).SelectMany(feature => correlations.Select((r, direction) =>
                (float)(solved[feature, direction] * scales[feature] * Math.Sqrt(r / (1 - r * r))))),
        ];
    }
}
