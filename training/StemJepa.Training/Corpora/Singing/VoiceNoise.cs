namespace StemJepa.Training.Corpora;

/// <summary>The noise of a singer: breath before phrases, air in the voice, and the hiss of sibilants, which diphone voices have little
/// of. Thread-safe.</summary>
internal static class VoiceNoise
{
    private const int Rate = Fluidsynth.OutputRate;
    private const double VoiceLevel = 0.1, ShortestRest = 0.35, BreathEnd = 0.04, LongestBreath = 0.45, AirDb = -8, FollowSeconds = 0.01;

    /// <summary>Adds the noises of the lead to <paramref name="voice"/>, 16 kHz from the song's start on.</summary>
    public static void Add(Span<float> voice, SungLead lead, IReadOnlyList<SungPhrase> phrases,
        IReadOnlyList<IReadOnlyList<SungNote>> notes)
    {
        Random random = SeededRandom.For($"{lead.Seed}/noise");
        if (lead.BreathDb is { } breath)
        {
            AddAir(voice, Amplitude(breath + AirDb), random);
            double rested = 0;
            for (int i = 0; i < phrases.Count; i++)
            {
                double end = notes[i][0].Start - BreathEnd - 0.1, rest = end - rested, seconds = Math.Min(LongestBreath, 0.8 * rest);
                double loud = 0.4 + 0.6 * random.NextDouble(), low = 900 + 1500 * random.NextDouble();
                if (rest >= ShortestRest) AddBurst(voice, end - seconds, end, loud * Amplitude(breath), low, random);
                rested = notes[i][^1].End;
            }
        }
        if (lead.SibilanceDb is not { } hiss) return;
        foreach ((double start, double end) in phrases.SelectMany(p => p.Sibilants))
            AddBurst(voice, start, end, Amplitude(hiss), 4500, random);
    }

    private static double Amplitude(double decibels) => VoiceLevel * Math.Pow(10, decibels / 20);

    /// <summary>Noise over a frequency that swells to two thirds of its time and dies away.</summary>
    private static void AddBurst(Span<float> voice, double start, double end, double amplitude, double hertz, Random random)
    {
        int first = (int)(start * Rate), length = (int)((end - start) * Rate);
        double smooth = 0, kept = Math.Exp(-2 * Math.PI * hertz / Rate);
        for (int i = 0; i < length; i++)
        {
            double noise = 2 * random.NextDouble() - 1, x = (double)i / length, swell = x < 0.67 ? x / 0.67 : (1 - x) / 0.33;
            smooth = kept * smooth + (1 - kept) * noise;
            if (first + i >= 0 && first + i < voice.Length) voice[first + i] += (float)(1.7 * amplitude * swell * (noise - smooth));
        }
    }

    /// <summary>High noise that is as loud as the voice is.</summary>
    private static void AddAir(Span<float> voice, double amplitude, Random random)
    {
        double level = 0, smooth = 0, follow = 1 / (FollowSeconds * Rate), gain = amplitude / VoiceLevel;
        for (int i = 0; i < voice.Length; i++)
        {
            double noise = 2 * random.NextDouble() - 1;
            level += follow * (Math.Abs(voice[i]) - level);
            smooth += 0.6 * (noise - smooth);
            voice[i] += (float)(3 * gain * level * (noise - smooth));
        }
    }
}
