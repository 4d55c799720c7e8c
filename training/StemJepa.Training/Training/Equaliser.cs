using System.Numerics.Tensors;

namespace StemJepa.Training.Training;

/// <summary>
/// Changes how a log-mel was recorded, not what is played: a tilt of the spectrum, a low-pass, a noise floor. Each spectrogram has its own,
/// so that a mix and a recording cannot be matched by the sound of their production. Thread-safe.
/// </summary>
internal sealed class Equaliser(TrainingSettings settings, FrontEndSettings frontEnd)
{
    private const int Bands = FrontEndSettings.MelBands, MostBandsCut = 24;
    private const double CutShare = 0.3, QuietestFloor = -15, LoudestFloor = -11;
    private static readonly double NaturalUnitsPerDecibel = Math.Log(10) / 10;

    /// <summary>Changes [80, frames] in place; values are normalised log-mels.</summary>
    public void Apply(Span<float> logMel, Random random)
    {
        if (settings.TiltDecibels == 0)
            return;
        int frames = logMel.Length / Bands;
        double tilt = (2 * random.NextDouble() - 1) * settings.TiltDecibels * NaturalUnitsPerDecibel;
        double floor = QuietestFloor + (LoudestFloor - QuietestFloor) * random.NextDouble();
        int firstCut = random.NextDouble() < CutShare ? Bands - random.Next(1, MostBandsCut + 1) : Bands;
        var lowest = (float)((floor - frontEnd.Mean) / frontEnd.StandardDeviation);
        for (int band = 0; band < Bands; band++)
        {
            Span<float> row = logMel.Slice(band * frames, frames);
            if (band >= firstCut)
            {
                row.Fill(lowest);
                continue;
            }
            double gain = tilt * (2.0 * band / (Bands - 1) - 1);
            TensorPrimitives.Add(row, (float)(gain / frontEnd.StandardDeviation), row);
            TensorPrimitives.Max(row, lowest, row);
        }
    }
}
