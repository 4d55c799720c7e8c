namespace StemJepa.Training.Corpora;

/// <summary>
/// The pitch of a phrase at any time: its notes, with glides between them, some notes approached from below, a delayed vibrato on long
/// ones, and a singer's small faults. Immutable.
/// </summary>
internal sealed class PitchCurve
{
    private const double StepSeconds = 0.005, Margin = 0.6, ScoopLead = 0.1, LongNote = 0.3, VibratoNote = 0.4, VibratoRise = 0.3,
        FallSeconds = 0.14;
    private readonly double[] _pitches;
    private readonly double _from;

    /// <summary>Draws the curve of <paramref name="phrase"/>; <paramref name="key"/> names the voice among those that sing it.</summary>
    public PitchCurve(IReadOnlyList<SungNote> phrase, SungLead lead, string key)
    {
        _from = phrase[0].Start - Margin;
        _pitches = new double[(int)((phrase[^1].End + Margin - _from) / StepSeconds) + 2];
        Array.Fill(_pitches, phrase[0].Pitch);
        for (int i = 0; i < phrase.Count; i++)
        {
            Random random = SeededRandom.For($"{lead.Seed}/{key}/pitch/{phrase[i].Index}");
            double fault = lead.DriftCents / 100 * Gaussian(random);
            double scoop = random.Chance(lead.ScoopShare) ? 0.4 + 1.6 * random.NextDouble() : 0;
            double scoopSeconds = 0.06 + 0.1 * random.NextDouble(), phase = 2 * Math.PI * random.NextDouble();
            double fall = random.Chance(lead.ScoopShare) ? 1 + 2 * random.NextDouble() : 0;
            double depth = lead.VibratoCents / 100 * (0.6 + 0.4 * random.NextDouble());
            if (i > 0) Glide(phrase, i, lead.GlideSeconds);
            double slow = 2 * Math.PI * (0.5 + random.NextDouble()), fast = 2 * Math.PI * (1.5 + 2 * random.NextDouble());
            Add(phrase[i], t => fault * (1 + 0.6 * Math.Sin(slow * t + phase) + 0.4 * Math.Sin(fast * t)) * Window(t, phrase[i], 0.05));
            if (scoop > 0 && phrase[i].Seconds >= LongNote)
                Add(phrase[i], t =>
                    -scoop * Rise((t - phrase[i].Start + ScoopLead) / ScoopLead) * (1 - Rise((t - phrase[i].Start) / scoopSeconds)));
            if (depth > 0 && phrase[i].Seconds >= VibratoNote)
                Add(phrase[i], t => depth * Rise((t - phrase[i].Start - lead.VibratoDelay) / VibratoRise)
                    * Window(t, phrase[i], 0.05) * Math.Sin(2 * Math.PI * lead.VibratoHertz * (t - phrase[i].Start) + phase));
            if (fall > 0 && i == phrase.Count - 1 && phrase[i].Seconds >= LongNote)
                Add(phrase[i], t => -fall * Rise((t - phrase[i].End + FallSeconds) / FallSeconds));
        }
    }

    /// <summary>The MIDI pitch at a time of the song in seconds; outside the phrase that of its ends.</summary>
    public double At(double seconds)
    {
        double at = Math.Clamp((seconds - _from) / StepSeconds, 0, _pitches.Length - 1.001);
        int before = (int)at;
        return _pitches[before] + (at - before) * (_pitches[before + 1] - _pitches[before]);
    }

    /// <summary>The frequency of a MIDI pitch.</summary>
    public static double Hertz(double pitch) => 440 * Math.Pow(2, (pitch - 69) / 12);

    private void Glide(IReadOnlyList<SungNote> phrase, int i, double seconds)
    {
        double length = Math.Min(seconds, 0.5 * Math.Min(phrase[i - 1].Seconds, phrase[i].Seconds));
        double step = phrase[i].Pitch - phrase[i - 1].Pitch;
        double start = phrase[i].Start - 0.6 * length;
        for (int k = Math.Max(0, (int)((start - _from) / StepSeconds)); k < _pitches.Length; k++)
            _pitches[k] += step * Rise((_from + k * StepSeconds - start) / length);
    }

    private void Add(SungNote note, Func<double, double> change)
    {
        int first = Math.Max(0, (int)((note.Start - ScoopLead - _from) / StepSeconds));
        int last = Math.Min(_pitches.Length - 1, (int)((note.End + 0.05 - _from) / StepSeconds));
        for (int k = first; k <= last; k++) _pitches[k] += change(_from + k * StepSeconds);
    }

    private static double Window(double t, SungNote note, double edge) =>
        Rise((t - note.Start + edge) / edge) * (1 - Rise((t - note.End) / edge));

    private static double Rise(double x) => x <= 0 ? 0 : x >= 1 ? 1 : x * x * (3 - 2 * x);

    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
