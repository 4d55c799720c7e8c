namespace StemJepa.Training.Corpora;

/// <summary>
/// Speech that can be held and moved in pitch by overlapping and adding its periods (Moulines and Charpentier, 1990), which keeps its
/// formants: where each period has its peak, and steps of 5 ms where there is no pitch. Immutable.
/// </summary>
internal sealed class PitchMarks
{
    private const int Rate = Fluidsynth.OutputRate;
    private const double Reach = 0.25, LowestHertz = 20, HighestHertz = 2000;

    private readonly float[] _samples;
    private readonly List<(int At, int Period, bool IsVoiced)> _marks = [];

    /// <summary>Finds the periods of speech.</summary>
    public PitchMarks(Speech speech)
    {
        _samples = speech.Samples;
        for (int at = Speech.Step; at < _samples.Length;)
        {
            double pitch = speech.PitchAt(at);
            int period = double.IsNaN(pitch) ? Speech.Step : (int)Math.Round(Rate / PitchCurve.Hertz(pitch));
            if (!double.IsNaN(pitch))
                at = Peak(at, _marks.Count > 0 && _marks[^1].IsVoiced ? (int)(Reach * period) : period / 2);
            if (_marks.Count == 0 || at > _marks[^1].At)
                _marks.Add((at, period, !double.IsNaN(pitch)));
            at = Math.Max(at, _marks[^1].At) + period;
        }
    }

    /// <summary>
    /// Adds periods of the speech to <paramref name="sung"/>, each where the one before ends at the pitch that is asked for.
    /// </summary>
    /// <param name="sung">Where to, 16 kHz.</param>
    /// <param name="from">First sample of what is sung.</param>
    /// <param name="to">The sample after it.</param>
    /// <param name="sourceOf">Which sample of the speech is heard at a sample.</param>
    /// <param name="pitchAt">The MIDI pitch at a sample.</param>
    /// <param name="formant">How many times higher its formants are than the speaker's.</param>
    public void Sing(
        Span<float> sung, double from, double to, Func<double, double> sourceOf, Func<double, double> pitchAt, double formant = 1)
    {
        for (double at = from; at < to && _marks.Count > 0;)
        {
            (int mark, int period, bool isVoiced) = Nearest(sourceOf(at));
            Add(sung, at, mark, period, formant);
            at += isVoiced ? Rate / Math.Clamp(PitchCurve.Hertz(pitchAt(at)), LowestHertz, HighestHertz) : period / formant;
        }
    }

    private void Add(Span<float> sung, double at, int mark, int period, double formant)
    {
        double reach = period / formant;
        int first = (int)Math.Ceiling(at - reach), last = (int)Math.Floor(at + reach);
        for (int i = Math.Max(0, first); i <= last && i < sung.Length; i++)
        {
            double offset = i - at, source = mark + formant * offset;
            int before = (int)Math.Floor(source);
            if (before < 0 || before + 1 >= _samples.Length)
                continue;
            double value = _samples[before] + (source - before) * (_samples[before + 1] - _samples[before]);
            sung[i] += (float)(value * (0.5 + 0.5 * Math.Cos(Math.PI * offset / reach)));
        }
    }

    private (int At, int Period, bool IsVoiced) Nearest(double source)
    {
        int low = 0, high = _marks.Count - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_marks[middle].At < source) low = middle + 1;
            else high = middle;
        }
        return low > 0 && source - _marks[low - 1].At < _marks[low].At - source ? _marks[low - 1] : _marks[low];
    }

    private int Peak(int around, int reach)
    {
        int peak = Math.Clamp(around, 0, _samples.Length - 1);
        for (int i = Math.Max(0, around - reach); i <= around + reach && i < _samples.Length; i++)
            if (_samples[i] > _samples[peak]) peak = i;
        return peak;
    }
}
