namespace StemJepa.Training.Corpora;

/// <summary>What a studio does to a voice: low cut, tilt, compression, delay, plate. Thread-safe.</summary>
internal static class VoiceEffects
{
    private const int Rate = Fluidsynth.OutputRate;
    private const double LowCutHertz = 80, TiltHertz = 2000, AttackSeconds = 0.004, ReleaseSeconds = 0.09, Feedback = 0.35;
    private const double EchoHertz = 2500;

    /// <summary>Changes samples at 16 kHz in place.</summary>
    public static void Apply(Span<float> samples, SungLead lead)
    {
        Tilt(samples, Math.Pow(10, lead.TiltDb / 20));
        if (lead.Compression > 1) Compress(samples, lead.Compression, Loudness.Compute(samples));
        if (lead.DelaySeconds > 0) Echo(samples, (int)(lead.DelaySeconds * Rate), Math.Pow(10, lead.DelayDb / 20));
        if (lead.PlateSeconds > 0) Plate.Add(samples, lead.PlateSeconds, lead.PlateDb);
    }

    private static void Tilt(Span<float> samples, double gain)
    {
        double low = 0, body = 0;
        double cut = 1 - Math.Exp(-2 * Math.PI * LowCutHertz / Rate), split = 1 - Math.Exp(-2 * Math.PI * TiltHertz / Rate);
        foreach (ref float sample in samples)
        {
            low += cut * (sample - low);
            double high = sample - low;
            body += split * (high - body);
            sample = (float)(body + gain * (high - body));
        }
    }

    private static void Compress(Span<float> samples, double ratio, double threshold)
    {
        double level = 0, attack = 1 - Math.Exp(-1 / (AttackSeconds * Rate)), release = 1 - Math.Exp(-1 / (ReleaseSeconds * Rate));
        foreach (ref float sample in samples)
        {
            double now = Math.Abs(sample);
            level += (now > level ? attack : release) * (now - level);
            if (level > threshold) sample *= (float)Math.Pow(level / threshold, 1 / ratio - 1);
        }
    }

    private static void Echo(Span<float> samples, int delay, double gain)
    {
        var line = new double[delay];
        double dull = 0, smooth = 1 - Math.Exp(-2 * Math.PI * EchoHertz / Rate);
        for (int i = 0, at = 0; i < samples.Length; i++, at = at + 1 == delay ? 0 : at + 1)
        {
            dull += smooth * (line[at] - dull);
            line[at] = samples[i] + Feedback * dull;
            samples[i] += (float)(gain * dull);
        }
    }
}
