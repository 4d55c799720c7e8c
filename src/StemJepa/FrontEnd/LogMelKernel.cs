using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StemJepa;

/// <summary>Normalised log-mel values of a block of frames, for one register width. Immutable and thread-safe; allocates nothing.</summary>
internal abstract class LogMelKernel
{
    /// <summary>Frames that one call of <see cref="Compute"/> can take.</summary>
    public abstract int BlockFrames { get; }

    /// <summary>
    /// Frame i covers <paramref name="samples"/>[160 i .. 160 i + 400]; band b of it goes to
    /// <paramref name="destination"/>[b * <paramref name="stride"/> + i].
    /// </summary>
    public abstract void Compute(ReadOnlySpan<float> samples, int frames, Span<float> destination, int stride);

    /// <summary>The kernel for the widest registers of this machine.</summary>
    public static LogMelKernel Create(FrontEndSettings settings) =>
        Vector512.IsHardwareAccelerated ? new LogMelKernel<Lanes512>(settings)
        : Vector256.IsHardwareAccelerated ? new LogMelKernel<Lanes256>(settings)
        : Vector128.IsHardwareAccelerated ? new LogMelKernel<Lanes128>(settings)
        : new LogMelKernel<LanesScalar>(settings);
}

/// <inheritdoc/>
internal sealed unsafe class LogMelKernel<TLanes>(FrontEndSettings settings) : LogMelKernel where TLanes : struct, ILanes<TLanes>
{
    private const int Alignment = 64;

    private readonly float _scale = (float)(1.0 / settings.StandardDeviation);
    private readonly float _shift = (float)(-(double)settings.Mean / settings.StandardDeviation);

    private static int HopsLength => FrontEndSettings.Hop * PowerSpectrum<TLanes>.Hops;

    private static int PowerLength => FrontEndSettings.Bins * TLanes.Count;

    public override int BlockFrames => TLanes.Count;

    [SkipLocalsInit]
    public override void Compute(ReadOnlySpan<float> samples, int frames, Span<float> destination, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frames, TLanes.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples.Length, LogMelSpectrogram.SamplesCovered(frames));
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, (FrontEndSettings.MelBands - 1) * stride + frames);

        byte* scratch = stackalloc byte[
            sizeof(float) * (PowerSpectrum<TLanes>.WorkLength + PowerLength + HopsLength) + Alignment];
        float* work = (float*)((nint)(scratch + Alignment - 1) & -Alignment);
        float* power = work + PowerSpectrum<TLanes>.WorkLength;
        float* hops = power + PowerLength;

        HopTranspose.Split(samples[..LogMelSpectrogram.SamplesCovered(frames)], hops, PowerSpectrum<TLanes>.Hops);
        PowerSpectrum<TLanes>.Transform(hops, work, power);
        fixed (float* output = destination)
        {
            if (frames == TLanes.Count)
                StoreLogMel(power, output, stride);
            else
            {
                StoreLogMel(power, work, TLanes.Count);
                for (int band = 0; band < FrontEndSettings.MelBands; band++)
                    new ReadOnlySpan<float>(work + band * TLanes.Count, frames).CopyTo(destination.Slice(band * stride, frames));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void StoreLogMel(float* power, float* output, int stride)
    {
        MelFilterBank bank = MelFilterBank.Default;
        TLanes offset = TLanes.Broadcast(FrontEndSettings.LogOffset), scale = TLanes.Broadcast(_scale), shift = TLanes.Broadcast(_shift);
        fixed (int* firstBins = bank.FirstBins, starts = bank.Starts)
        fixed (float* weights = bank.Weights)
        {
            for (int band = 0; band < FrontEndSettings.MelBands; band++)
            {
                float* bin = power + firstBins[band] * TLanes.Count;
                TLanes sum = offset;
                for (int i = starts[band]; i < starts[band + 1]; i++, bin += TLanes.Count)
                    sum = TLanes.MultiplyAdd(TLanes.Load(bin), TLanes.Broadcast(weights[i]), sum);
                TLanes.MultiplyAdd(TLanes.Log(sum), scale, shift).Store(output + (long)band * stride);
            }
        }
    }
}
