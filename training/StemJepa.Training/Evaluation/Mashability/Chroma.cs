using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Evaluation.Mashability;

/// <summary>The strength of the twelve pitch classes over time: 4096-point spectra, ten a second.</summary>
internal static class Chroma
{
    public const int Classes = 12;

    /// <summary>Samples from one frame to the next; frames are centred on their multiples.</summary>
    public const int Hop = 1600;

    private const int FftSize = 4096, Bins = FftSize / 2 + 1;

    /// <summary>A2 to A7: below, bins of 3.9 Hz do not tell semitones apart.</summary>
    private const double LowestHz = 110, HighestHz = 3520;

    private const double TuningHz = 440;
    private const int TuningClass = 9;

    private static readonly float[] ClassOfBins = CreateClassOfBins();

    /// <summary>Magnitudes by pitch class, [frames, 12], C first.</summary>
    /// <param name="samples">16 kHz mono; at least one sample.</param>
    public static float[] Of(ReadOnlySpan<float> samples)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        int frames = 1 + (samples.Length - 1) / Hop;
        var padded = new float[(frames - 1) * Hop + FftSize];
        samples[..Math.Min(samples.Length, padded.Length - FftSize / 2)].CopyTo(padded.AsSpan(FftSize / 2));
        torch.Tensor spectra = fft.rfft(tensor(padded).unfold(0, FftSize, Hop).mul(hann_window(FftSize)));
        return mm(spectra.abs(), tensor(ClassOfBins, [Bins, Classes])).data<float>().ToArray();
    }

    /// <summary>How much each bin belongs to each class, [bins, 12]: 1 in tune, 0 a quarter tone off.</summary>
    private static float[] CreateClassOfBins()
    {
        var map = new float[Bins * Classes];
        for (int bin = 1; bin < Bins; bin++)
        {
            double hz = (double)bin * FrontEndSettings.SampleRate / FftSize;
            if (hz is < LowestHz or > HighestHz)
                continue;
            double semitones = TuningClass + Classes * Math.Log2(hz / TuningHz), nearest = Math.Round(semitones);
            int pitchClass = (((int)nearest % Classes) + Classes) % Classes;
            map[bin * Classes + pitchClass] = (float)Math.Pow(Math.Cos(Math.PI * (semitones - nearest)), 2);
        }
        return map;
    }
}
