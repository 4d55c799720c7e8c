using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace StemJepa;

/// <summary>
/// The discrete Fourier transform of a complex sequence. The sequence is taken as a matrix (Bailey 1990): its columns are transformed,
/// rotated and transposed, then the columns of the result are transformed. One caller at a time.
/// </summary>
/// <typeparam name="T">The precision: float or double.</typeparam>
internal sealed class VectorTransform<T> where T : struct, IBinaryFloatingPointIeee754<T>
{
    private static readonly ConcurrentDictionary<int, (T[] Cosines, T[] Sines)> Rotations = new();

    private readonly int _rows, _columns;
    private readonly T[] _real, _imaginary, _cosines, _sines;
    private readonly ColumnTransform<T> _first, _second;

    /// <param name="size">A power of 2, at least 64 for doubles and 256 for floats: the square of a vector's lanes.</param>
    public VectorTransform(int size)
    {
        int least = ColumnTransform<T>.Lanes * ColumnTransform<T>.Lanes;
        if (size < least || !BitOperations.IsPow2(size))
            throw new ArgumentOutOfRangeException(nameof(size), size, $"The size is a power of 2, at least {least}.");
        _columns = 1 << BitOperations.Log2((uint)size) / 2;
        _rows = size / _columns;
        (_real, _imaginary) = (new T[size], new T[size]);
        (_first, _second) = (new ColumnTransform<T>(_rows), new ColumnTransform<T>(_columns));
        (_cosines, _sines) = Rotations.GetOrAdd(size,
            size => ColumnTransform<T>.Roots(size, Enumerable.Range(0, size).Select(i => i / _columns * (i % _columns))));
    }

    /// <summary>
    /// Transforms in place: sums over t of x[t] exp(-2 pi i k t / size). With both parts exchanged it is the inverse, times the size.
    /// </summary>
    /// <param name="real">[size].</param>
    /// <param name="imaginary">[size].</param>
    public void Direct(Span<T> real, Span<T> imaginary)
    {
        for (int column = 0; column < _columns; column += ColumnTransform<T>.Lanes)
        {
            _first.Load(real[column..], imaginary[column..], _columns);
            _first.Run();
            _first.Rotate(_cosines.AsSpan(column), _sines.AsSpan(column), _columns);
            _first.StoreTransposed(_real.AsSpan(column * _rows), _imaginary.AsSpan(column * _rows));
        }
        for (int column = 0; column < _rows; column += ColumnTransform<T>.Lanes)
        {
            _second.Load(_real.AsSpan(column), _imaginary.AsSpan(column), _rows);
            _second.Run();
            _second.Store(real[column..], imaginary[column..], _rows);
        }
    }
}

/// <summary>
/// The transform of some columns of a matrix, one in each lane of a vector, by Stockham's algorithm in steps of four and, if need be, one
/// of two. One caller at a time.
/// </summary>
internal sealed class ColumnTransform<T> where T : struct, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Columns that are transformed together.</summary>
    public static int Lanes => Vector512<T>.Count;

    private readonly int _size;
    private readonly T[] _cosines, _sines;
    private Vector512<T>[] _real, _imaginary, _toReal, _toImaginary;

    /// <param name="size">Rows of the matrix, a power of 2.</param>
    public ColumnTransform(int size)
    {
        _size = size;
        (_cosines, _sines) = Roots(size, Enumerable.Range(0, size));
        (_real, _imaginary) = (new Vector512<T>[size], new Vector512<T>[size]);
        (_toReal, _toImaginary) = (new Vector512<T>[size], new Vector512<T>[size]);
    }

    /// <summary>Some powers of exp(-2 pi i / size).</summary>
    public static (T[] Cosines, T[] Sines) Roots(int size, IEnumerable<int> powers)
    {
        double[] angles = [.. powers.Select(power => -2 * Math.PI * power / size)];
        return (Array.ConvertAll(angles, angle => T.CreateTruncating(Math.Cos(angle))),
            Array.ConvertAll(angles, angle => T.CreateTruncating(Math.Sin(angle))));
    }

    /// <summary>Reads columns of a matrix.</summary>
    /// <param name="real">The matrix from the first of these columns on.</param>
    /// <param name="imaginary">As <paramref name="real"/>.</param>
    /// <param name="columns">How many columns the matrix has.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Load(ReadOnlySpan<T> real, ReadOnlySpan<T> imaginary, int columns)
    {
        for (int row = 0; row < _real.Length; row++)
        {
            _real[row] = Vector512.Create(real.Slice(row * columns, Lanes));
            _imaginary[row] = Vector512.Create(imaginary.Slice(row * columns, Lanes));
        }
    }

    /// <summary>Transforms the columns.</summary>
    public void Run()
    {
        int length = 1;
        for (; _size / length >= 4; length *= 4)
            StepOfFour(length);
        if (length < _size)
            StepOfTwo();
    }

    /// <summary>Multiplies value by value.</summary>
    /// <param name="real">A matrix as in <see cref="Load"/>.</param>
    /// <param name="imaginary">As <paramref name="real"/>.</param>
    /// <param name="columns">How many columns the matrix has.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Rotate(ReadOnlySpan<T> real, ReadOnlySpan<T> imaginary, int columns)
    {
        for (int row = 0; row < _real.Length; row++)
        {
            (_real[row], _imaginary[row]) = Multiply(_real[row], _imaginary[row],
                Vector512.Create(real.Slice(row * columns, Lanes)), Vector512.Create(imaginary.Slice(row * columns, Lanes)));
        }
    }

    /// <summary>Writes columns of a matrix; the counterpart of <see cref="Load"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Store(Span<T> real, Span<T> imaginary, int columns)
    {
        for (int row = 0; row < _real.Length; row++)
        {
            _real[row].CopyTo(real.Slice(row * columns, Lanes));
            _imaginary[row].CopyTo(imaginary.Slice(row * columns, Lanes));
        }
    }

    /// <summary>Writes the columns one after another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void StoreTransposed(Span<T> real, Span<T> imaginary)
    {
        ReadOnlySpan<T> fromReal = MemoryMarshal.Cast<Vector512<T>, T>(_real);
        ReadOnlySpan<T> fromImaginary = MemoryMarshal.Cast<Vector512<T>, T>(_imaginary);
        for (int lane = 0; lane < Lanes; lane++)
        {
            Span<T> toReal = real.Slice(lane * _size, _size), toImaginary = imaginary.Slice(lane * _size, _size);
            for (int row = 0; row < toReal.Length; row++)
                (toReal[row], toImaginary[row]) = (fromReal[row * Lanes + lane], fromImaginary[row * Lanes + lane]);
        }
    }

    /// <summary>Four parts of the sequence become one of its four interleaved ones each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void StepOfFour(int length)
    {
        int quarter = _size / 4;
        Vector512<T>[] real = _real, imaginary = _imaginary, toReal = _toReal, toImaginary = _toImaginary;
        for (int group = 0; group < quarter; group += length)
        {
            (T re1, T im1) = (_cosines[group], _sines[group]);
            (T re2, T im2) = (_cosines[2 * group], _sines[2 * group]);
            (T re3, T im3) = (_cosines[3 * group], _sines[3 * group]);
            for (int i = group, to = 4 * group; i < group + length; i++, to++)
            {
                Vector512<T> sumRe = real[i] + real[i + 2 * quarter], sumIm = imaginary[i] + imaginary[i + 2 * quarter];
                Vector512<T> restRe = real[i] - real[i + 2 * quarter], restIm = imaginary[i] - imaginary[i + 2 * quarter];
                Vector512<T> otherSumRe = real[i + quarter] + real[i + 3 * quarter];
                Vector512<T> otherSumIm = imaginary[i + quarter] + imaginary[i + 3 * quarter];
                Vector512<T> otherRestRe = real[i + quarter] - real[i + 3 * quarter];
                Vector512<T> otherRestIm = imaginary[i + quarter] - imaginary[i + 3 * quarter];
                (toReal[to], toImaginary[to]) = (sumRe + otherSumRe, sumIm + otherSumIm);
                (toReal[to + length], toImaginary[to + length]) = Multiply(restRe + otherRestIm, restIm - otherRestRe,
                    Vector512.Create(re1), Vector512.Create(im1));
                (toReal[to + 2 * length], toImaginary[to + 2 * length]) = Multiply(sumRe - otherSumRe, sumIm - otherSumIm,
                    Vector512.Create(re2), Vector512.Create(im2));
                (toReal[to + 3 * length], toImaginary[to + 3 * length]) = Multiply(restRe - otherRestIm, restIm + otherRestRe,
                    Vector512.Create(re3), Vector512.Create(im3));
            }
        }
        Swap();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void StepOfTwo()
    {
        int half = _size / 2;
        for (int i = 0; i < half; i++)
        {
            (_toReal[i], _toImaginary[i]) = (_real[i] + _real[i + half], _imaginary[i] + _imaginary[i + half]);
            (_toReal[i + half], _toImaginary[i + half]) = (_real[i] - _real[i + half], _imaginary[i] - _imaginary[i + half]);
        }
        Swap();
    }

    private void Swap()
    {
        (_real, _toReal) = (_toReal, _real);
        (_imaginary, _toImaginary) = (_toImaginary, _imaginary);
    }

    private static (Vector512<T> Real, Vector512<T> Imaginary) Multiply(Vector512<T> re, Vector512<T> im,
        Vector512<T> otherRe, Vector512<T> otherIm) => (re * otherRe - im * otherIm, re * otherIm + im * otherRe);
}
