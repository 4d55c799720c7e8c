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

/// <summary>
/// Puts a log-mel into a room: in every band, earlier sound decays by 60 dB in the reverberation time. The room is diffuse, so that powers
/// add up (Polack's model of late reverberation; Lebart, Boucher and Denbigh 2001). Each spectrogram has its own room or none, so that a
/// mix and a recording need not have been made in the same one. Thread-safe.
/// </summary>
/// <param name="settings">The experiment.</param>
/// <param name="frontEnd">The settings that the log-mels were computed with.</param>
internal sealed class Room(TrainingSettings settings, FrontEndSettings frontEnd)
{
    private const int Bands = FrontEndSettings.MelBands;
    private const double ShortestSeconds = 0.2, LongestSeconds = 2, QuietestDecibels = -18, LoudestDecibels = 0;

    /// <summary>
    /// Changes [80, frames] in place, in the share of calls that the settings give; values are normalised log-mels. Without reverb, nothing
    /// is drawn from <paramref name="random"/>.
    /// </summary>
    public void Apply(Span<float> logMel, Random random)
    {
        if (settings.ReverbShare == 0 || random.NextDouble() >= settings.ReverbShare)
            return;
        double seconds = ShortestSeconds + (LongestSeconds - ShortestSeconds) * random.NextDouble();
        double decibels = QuietestDecibels + (LoudestDecibels - QuietestDecibels) * random.NextDouble();
        Reverberate(logMel, seconds, decibels);
    }

    /// <summary>Adds the reverb of a room to [80, frames] in place.</summary>
    /// <param name="logMel">Normalised log-mels.</param>
    /// <param name="seconds">The reverberation time.</param>
    /// <param name="decibels">Power of the reverb of a steady sound, against that sound.</param>
    internal void Reverberate(Span<float> logMel, double seconds, double decibels)
    {
        int frames = logMel.Length / Bands;
        var kept = (float)Math.Pow(10, -6 / (seconds * FrontEndSettings.FramesPerSecond));
        float gained = (float)Math.Pow(10, decibels / 10) * (1 - kept), mean = (float)frontEnd.Mean,
            deviation = (float)frontEnd.StandardDeviation;
        for (int band = 0; band < Bands; band++)
        {
            Span<float> power = logMel.Slice(band * frames, frames);
            TensorPrimitives.Multiply(power, deviation, power);
            TensorPrimitives.Add(power, mean, power);
            TensorPrimitives.Exp(power, power);
            float tail = 0;
            for (int frame = 0; frame < frames; frame++)
            {
                float direct = power[frame];
                power[frame] += tail;
                tail = kept * tail + gained * direct;
            }
            TensorPrimitives.Log(power, power);
            TensorPrimitives.Subtract(power, mean, power);
            TensorPrimitives.Divide(power, deviation, power);
        }
    }
}

/// <summary>
/// Clips recordings as an overdriven input does, each by an amount of its own, in the share of cases that the settings give. Thread-safe.
/// </summary>
internal sealed class Clipping(TrainingSettings settings)
{
    /// <summary>The most that a peak loses, in decibels.</summary>
    public const double MostDecibels = 12;

    /// <summary>The samples, clipped or themselves. Without clipping, nothing is drawn from <paramref name="random"/>.</summary>
    public ReadOnlySpan<float> Apply(ReadOnlySpan<float> samples, Random random)
    {
        if (settings.ClippedShare == 0 || random.NextDouble() >= settings.ClippedShare)
            return samples;
        float limit = Math.Abs(TensorPrimitives.MaxMagnitude(samples)) * (float)Math.Pow(10, -MostDecibels / 20 * random.NextDouble());
        var clipped = new float[samples.Length];
        TensorPrimitives.Max(samples, -limit, clipped);
        TensorPrimitives.Min(clipped, limit, clipped);
        return clipped;
    }
}
