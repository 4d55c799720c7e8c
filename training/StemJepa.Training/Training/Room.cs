using System.Numerics.Tensors;

namespace StemJepa.Training.Training;

/// <summary>
/// Puts a log-mel into a room: in every band, what sounded before goes on, falling by 60 dB in the reverberation time. The room is diffuse, so that powers
/// add up (Polack's model of late reverberation; Lebart, Boucher and Denbigh 2001). Each spectrogram has its own room or none, so that a mix and a
/// recording need not have been made in the same one. Thread-safe.
/// </summary>
/// <param name="settings">The experiment.</param>
/// <param name="frontEnd">What the log-mels were computed with.</param>
internal sealed class Room(TrainingSettings settings, FrontEndSettings frontEnd)
{
    private const int Bands = FrontEndSettings.MelBands;
    private const double ShortestSeconds = 0.2, LongestSeconds = 2, QuietestDecibels = -18, LoudestDecibels = 0;

    /// <summary>Changes [80, frames] in place, in the share of calls that the settings give; values are normalised log-mels. Without reverb, nothing is drawn from <paramref name="random"/>.</summary>
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
        float gained = (float)Math.Pow(10, decibels / 10) * (1 - kept), mean = (float)frontEnd.Mean, deviation = (float)frontEnd.StandardDeviation;
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
