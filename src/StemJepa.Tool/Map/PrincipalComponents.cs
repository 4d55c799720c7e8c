using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace StemJepa.Tool.Map;

/// <summary>Projects vectors onto the two dimensions in which they differ most.</summary>
internal static class PrincipalComponents
{
    private const int Dimensions = 2;

    /// <summary>
    /// Computes the first two principal components of vectors of equal length. The sign of a component makes its largest coordinate
    /// positive; a component that does not exist is 0.
    /// </summary>
    /// <returns>A point for each vector, and the shares of all variance that the components hold, 0..1.</returns>
    public static ((double X, double Y)[] Points, double[] Shares) Of(IReadOnlyList<float[]> vectors)
    {
        Matrix<double> rows = Matrix<double>.Build.Dense(vectors.Count, vectors[0].Length, (row, column) => vectors[row][column]);
        Vector<double> mean = rows.ColumnSums() / rows.RowCount;
        rows.MapIndexedInplace((_, column, value) => value - mean[column]);
        bool isWide = rows.RowCount <= rows.ColumnCount;
        Evd<double> eigen = (isWide ? rows.TransposeAndMultiply(rows) : rows.TransposeThisAndMultiply(rows)).Evd(Symmetricity.Symmetric);
        double[] values = [.. eigen.EigenValues.Select(value => Math.Max(0, value.Real))];
        double sum = values.Sum();
        int[] largest = [.. Enumerable.Range(0, values.Length).OrderByDescending(index => values[index]).Take(Dimensions)];
        double[][] components = [.. Enumerable.Range(0, Dimensions).Select(dimension => dimension < largest.Length && sum > 0
            ? Component(rows, eigen.EigenVectors.Column(largest[dimension]), values[largest[dimension]], isWide)
            : new double[rows.RowCount])];
        return ([.. components[0].Zip(components[1])],
            [.. Enumerable.Range(0, Dimensions)
                .Select(dimension => dimension < largest.Length && sum > 0 ? values[largest[dimension]] / sum : 0)]);
    }

    /// <summary>Coordinates from an eigenvector of the rows' products, or of the columns'.</summary>
    private static double[] Component(Matrix<double> rows, Vector<double> eigenvector, double eigenvalue, bool isWide)
    {
        Vector<double> coordinates = isWide ? eigenvector * Math.Sqrt(eigenvalue) : rows * eigenvector;
        return [.. coordinates * (coordinates[coordinates.AbsoluteMaximumIndex()] < 0 ? -1 : 1)];
    }
}
