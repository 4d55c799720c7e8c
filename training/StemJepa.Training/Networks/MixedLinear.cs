using System.Runtime.Intrinsics.X86;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StemJepa.Training.Networks;

/// <summary>
/// A linear layer with float32 weights that can multiply in bfloat16: the float32 masters stay exact, and the matrix product runs at the
/// processor's bfloat16 rate.
/// </summary>
internal sealed class MixedLinear : nn.Module<Tensor, Tensor>
{
    // TorchSharp registers fields under their names, so these are the names in weights files.
    private readonly Parameter weight;
    private readonly Parameter bias;
    private readonly Precision _precision;

    public MixedLinear(int inputs, int outputs, Precision precision) : base(nameof(MixedLinear))
    {
        _precision = precision;
        weight = new Parameter(empty(outputs, inputs));
        bias = new Parameter(zeros(outputs));
        nn.init.normal_(weight, std: 0.02);
        register_parameter("weight", weight);
        register_parameter("bias", bias);
    }

    /// <summary>Adds a matrix to the upper left corner of the weights.</summary>
    public void AddToWeight(Tensor corner)
    {
        using var noGradient = no_grad();
        weight.narrow(0, 0, corner.shape[0]).narrow(1, 0, corner.shape[1]).add_(corner);
    }

    public override Tensor forward(Tensor x) => _precision.UseBfloat16
        ? nn.functional.linear(x.to(ScalarType.BFloat16), weight.to(ScalarType.BFloat16), bias.to(ScalarType.BFloat16))
        : nn.functional.linear(x, weight, bias);
}

/// <summary>Shared by the layers of a network: whether matrix products run in bfloat16. Switched between steps, not during one.</summary>
internal sealed class Precision
{
    public bool UseBfloat16 { get; set; }
}

/// <summary>Whether the processor multiplies bfloat16 faster than float32.</summary>
internal static class BrainFloat
{
    private const int StructuredFeatures = 7, FirstSubleaf = 1, Avx512Bf16Bit = 5;

    /// <summary>True with AVX512_BF16 (CPUID leaf 7, subleaf 1, EAX bit 5); libtorch then uses it.</summary>
    public static bool IsFast { get; } = X86Base.IsSupported
        && X86Base.CpuId(0, 0).Eax >= StructuredFeatures
        && (X86Base.CpuId(StructuredFeatures, FirstSubleaf).Eax >> Avx512Bf16Bit & 1) != 0;
}
