using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StemJepa;

/// <summary>Bins 0 to size / 2 of the transform of real numbers.</summary>
internal readonly record struct Spectrum<T>(T[] Real, T[] Imaginary)
{
    public static Spectrum<T> Create(int size) => new(new T[size / 2 + 1], new T[size / 2 + 1]);
}

/// <summary>
/// The discrete Fourier transforms of two real sequences at once: one is the real part of a complex sequence, the other the imaginary part.
/// One caller at a time.
/// </summary>
/// <param name="size">A power of 2, as in <see cref="VectorTransform{T}"/>.</param>
/// <typeparam name="T">The precision: float or double.</typeparam>
internal sealed class PairTransform<T>(int size) where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly VectorTransform<T> _transform = new(size);
    private readonly T[] _first = new T[size], _second = new T[size];

    /// <summary>The first sequence, [size].</summary>
    public Span<T> First => _first;

    /// <summary>The second sequence, [size].</summary>
    public Span<T> Second => _second;

    /// <summary>Transforms the sequences, which are lost. The spectra are twice as large as the sums that define them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Direct(Spectrum<T> ofFirst, Spectrum<T> ofSecond)
    {
        _transform.Direct(_first, _second);
        (ofFirst.Real[0], ofFirst.Imaginary[0]) = (_first[0] + _first[0], T.Zero);
        (ofSecond.Real[0], ofSecond.Imaginary[0]) = (_second[0] + _second[0], T.Zero);
        for (int bin = 1; bin < ofFirst.Real.Length; bin += Vector512<T>.Count)
        {
            int mirrored = size - bin - Vector512<T>.Count + 1;
            Vector512<T> re = At(_first, bin), im = At(_second, bin);
            Vector512<T> mirroredRe = Reverse(At(_first, mirrored)), mirroredIm = Reverse(At(_second, mirrored));
            (re + mirroredRe).CopyTo(ofFirst.Real, bin);
            (im - mirroredIm).CopyTo(ofFirst.Imaginary, bin);
            (im + mirroredIm).CopyTo(ofSecond.Real, bin);
            (mirroredRe - re).CopyTo(ofSecond.Imaginary, bin);
        }
    }

    /// <summary>Makes the sequences of their spectra, as many times as large as they are long.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Inverse(Spectrum<T> ofFirst, Spectrum<T> ofSecond)
    {
        for (int bin = 1; bin < ofFirst.Real.Length; bin += Vector512<T>.Count)
        {
            int mirrored = size - bin - Vector512<T>.Count + 1;
            Vector512<T> re = At(ofFirst.Real, bin), im = At(ofFirst.Imaginary, bin);
            Vector512<T> otherRe = At(ofSecond.Real, bin), otherIm = At(ofSecond.Imaginary, bin);
            Reverse(re + otherIm).CopyTo(_first, mirrored);
            Reverse(otherRe - im).CopyTo(_second, mirrored);
            (re - otherIm).CopyTo(_first, bin);
            (im + otherRe).CopyTo(_second, bin);
        }
        (_first[0], _second[0]) = (ofFirst.Real[0], ofSecond.Real[0]);
        (_first[size / 2], _second[size / 2]) = (ofFirst.Real[size / 2], ofSecond.Real[size / 2]);
        _transform.Direct(_second, _first);
    }

    private static Vector512<T> At(T[] values, int index) => Vector512.Create<T>(values.AsSpan(index, Vector512<T>.Count));

    private static Vector512<T> Reverse(Vector512<T> values) => typeof(T) == typeof(float)
        ? Vector512.Shuffle(values.AsInt32(), Vector512.CreateSequence(Vector512<int>.Count - 1, -1)).As<int, T>()
        : Vector512.Shuffle(values.AsInt64(), Vector512.CreateSequence(Vector512<long>.Count - 1L, -1L)).As<long, T>();
}
