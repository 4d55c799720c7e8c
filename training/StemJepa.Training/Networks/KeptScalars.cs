using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Networks;

/// <summary>
/// Arithmetic whose scalars outlive the call. Those that TorchSharp makes for an operator are temporary, and a garbage collection meanwhile frees them under
/// libtorch's hands, which ends the process ("Exception raised from toFloat"). Thread-safe.
/// </summary>
internal static class KeptScalars
{
    private static readonly Scalar One = 1;

    /// <summary>The sum.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    /// <summary>The quotient.</summary>
    public static Tensor DividedBy(this Tensor left, double divisor)
    {
        using Scalar scalar = divisor;
        return left.div(scalar);
    }
}
