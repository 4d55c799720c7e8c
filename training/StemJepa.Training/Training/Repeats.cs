using System.Numerics.Tensors;
using StemJepa.Training.Corpora;
using TorchSharp;

namespace StemJepa.Training.Training;

/// <summary>
/// Finds music that a batch holds twice, so that it is no negative of itself: places of one rendering of a song whose log-mels correlate
/// by more than 0.98 at some lag of up to half a window, as the repeats of a loop do, and mixes of the same stems, or the same
/// family of instruments, of one window. Compared in time, only what is the same without a lag is no negative: a loop at another beat is
/// (with shifts, whose windows begin at other times than their contexts', nothing that is the same at some lag is).
/// Log-mels are taken before recording conditions change them. One batch only; not thread-safe.
/// </summary>
/// <param name="settings">The experiment; with one place per song, no log-mels are kept or compared.</param>
/// <param name="choices">The windows of the batch.</param>
/// <param name="frames">Frames of each.</param>
internal sealed class Repeats(TrainingSettings settings, Windows.Choice[] choices, int frames)
{
    private const double Same = 0.98;
    private const int Bands = FrontEndSettings.MelBands;

    private readonly float[]?[] _targets = new float[]?[settings.PlacesPerSong > 1 ? CorpusAudio.Stems * choices.Length : 0];

    /// <summary>A buffer [80, frames] for the log-mel of a target, or of a stem; <c>null</c> when none are compared.</summary>
    public float[]? Target(int row, int stem = 0) => _targets.Length == 0 ? null
        : _targets[stem * choices.Length + row] = new float[Bands * frames];

    /// <summary>[row, row]: whether two targets are the same music; <c>null</c> where none are.</summary>
    /// <param name="stems">The stems of each target.</param>
    public RepeatFlags? OfTargets(int[][] stems)
    {
        var flags = new RepeatFlags(choices.Length * choices.Length);
        Mark(flags.AtSomeLag, flags.InTime, stem: 0, stems);
        return flags.OrNull();
    }

    /// <summary>[stem, row, row]: whether a stem is the same music in two windows; <c>null</c> where none is.</summary>
    public RepeatFlags? OfStems()
    {
        var flags = new RepeatFlags(CorpusAudio.Stems * choices.Length * choices.Length);
        for (int stem = 0; stem < CorpusAudio.Stems; stem++)
        {
            Range own = (stem * choices.Length * choices.Length)..((stem + 1) * choices.Length * choices.Length);
            Mark(flags.AtSomeLag.AsSpan(own), flags.InTime.AsSpan(own), stem, stems: null);
        }
        return flags.OrNull();
    }

    private void Mark(Span<bool> atSomeLag, Span<bool> inTime, int stem, int[][]? stems)
    {
        int rows = choices.Length;
        for (int i = 0; i < rows; i++)
        for (int j = i + 1; j < rows; j++)
        {
            if (choices[i].Song != choices[j].Song || choices[i].Semitones != choices[j].Semitones)
                continue;
            bool isSame = choices[i] == choices[j] && stems is not null && (stems[i].Length > 1 || stems[i][0] >= CorpusAudio.Stems)
                && stems[i].Order().SequenceEqual(stems[j].Order());
            (bool lagged, bool together) = choices[i] == choices[j] ? (isSame, isSame)
                : _targets.Length > 0 && _targets[stem * rows + i] is { } a && _targets[stem * rows + j] is { } b ? Compare(a, b)
                : (false, false);
            atSomeLag[i * rows + j] = atSomeLag[j * rows + i] = lagged;
            inTime[i * rows + j] = inTime[j * rows + i] = settings.ShiftPatches > 0 ? lagged : together;
        }
    }

    /// <summary>
    /// Whether two log-mels [80, frames] are nearly the same at some lag of up to half of their frames, and whether they are without one.
    /// </summary>
    internal static (bool AtSomeLag, bool InTime) Compare(float[] first, float[] second)
    {
        int frames = first.Length / Bands;
        double[] sums = Sums(first, frames, squares: false), otherSums = Sums(second, frames, squares: false);
        double[] squares = Sums(first, frames, squares: true), otherSquares = Sums(second, frames, squares: true);
        if (AreEqual(0))
            return (true, true);
        for (int lag = 1; lag <= frames / 2; lag++)
        {
            if (AreEqual(lag) || AreEqual(-lag))
                return (true, false);
        }
        return (false, false);

        bool AreEqual(int lag)
        {
            int from = Math.Max(0, lag), otherFrom = Math.Max(0, -lag), common = frames - Math.Abs(lag);
            double product = 0;
            for (int band = 0; band < Bands; band++)
                product += TensorPrimitives.Dot<float>(
                    first.AsSpan(band * frames + from, common), second.AsSpan(band * frames + otherFrom, common));
            double count = (double)Bands * common;
            double sum = sums[from + common] - sums[from], otherSum = otherSums[otherFrom + common] - otherSums[otherFrom];
            double power = squares[from + common] - squares[from] - sum * sum / count;
            double otherPower = otherSquares[otherFrom + common] - otherSquares[otherFrom] - otherSum * otherSum / count;
            return product - sum * otherSum / count > Same * Math.Sqrt(Math.Max(0, power) * Math.Max(0, otherPower));
        }
    }

    /// <summary>Sums over all bands of the frames before each frame, [frames + 1].</summary>
    private static double[] Sums(ReadOnlySpan<float> logMel, int frames, bool squares)
    {
        var sums = new double[frames + 1];
        for (int band = 0; band < Bands; band++)
        for (int frame = 0; frame < frames; frame++)
        {
            double value = logMel[band * frames + frame];
            sums[frame + 1] += squares ? value * value : value;
        }
        for (int frame = 0; frame < frames; frame++)
            sums[frame + 1] += sums[frame];
        return sums;
    }
}

/// <summary>
/// Which rows of a batch are the same music: at some lag, for embeddings averaged over time, and without a lag, for embeddings compared in
/// time.
/// </summary>
internal sealed record RepeatFlags(bool[] AtSomeLag, bool[] InTime)
{
    /// <summary>No rows yet.</summary>
    public RepeatFlags(int count) : this(new bool[count], new bool[count]) { }

    /// <summary>The flags as zeros and ones.</summary>
    public torch.Tensor ToTensor(bool inTime, params long[] shape) =>
        torch.tensor(inTime ? InTime : AtSomeLag, shape).to(torch.ScalarType.Float32);

    /// <summary>Null if there are none.</summary>
    public RepeatFlags? OrNull() => AtSomeLag.Contains(true) ? this : null;
}
