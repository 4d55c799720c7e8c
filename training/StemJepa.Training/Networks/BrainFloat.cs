using System.Runtime.Intrinsics.X86;

namespace StemJepa.Training.Networks;

/// <summary>Whether the processor multiplies bfloat16 faster than float32.</summary>
internal static class BrainFloat
{
    private const int StructuredFeatures = 7, FirstSubleaf = 1, Avx512Bf16Bit = 5;

    /// <summary>True with AVX512_BF16 (CPUID leaf 7, subleaf 1, EAX bit 5); libtorch then uses it.</summary>
    public static bool IsFast { get; } = X86Base.IsSupported
        && X86Base.CpuId(0, 0).Eax >= StructuredFeatures
        && (X86Base.CpuId(StructuredFeatures, FirstSubleaf).Eax >> Avx512Bf16Bit & 1) != 0;
}
