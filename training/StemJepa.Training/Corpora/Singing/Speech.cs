using System.Numerics.Tensors;
using NWaves.Features;

namespace StemJepa.Training.Corpora;

/// <summary>
/// A spoken syllable: samples from <paramref name="From"/> up to <paramref name="To"/> of a recording, of which those between <paramref
/// name="VowelFrom"/> and <paramref name="VowelTo"/> can be held.
/// </summary>
internal readonly record struct SpokenSyllable(int From, int VowelFrom, int VowelTo, int To);

/// <summary>Speech at 16 kHz, its pitch and its syllables. Immutable.</summary>
internal sealed class Speech
{
    /// <summary>Samples from one value of its pitch to the next: 5 ms.</summary>
    public const int Step = 80;

    private const int Rate = Fluidsynth.OutputRate, Window = 640, Smoothing = 5, LeastVowel = 6, Longest = 100, MedianReach = 2;
    private const float LowestHertz = 70, HighestHertz = 400;
    private const double Quiet = 0.03, LeastPeak = 0.12, Valley = 0.7, Vowel = 0.5;

    private readonly double[] _pitches;

    private Speech(float[] samples, double[] pitches, IReadOnlyList<SpokenSyllable> syllables) =>
        (Samples, _pitches, Syllables) = (samples, pitches, syllables);

    /// <summary>The recording.</summary>
    public float[] Samples { get; }

    /// <summary>The MIDI pitch around a sample, NaN where there is none.</summary>
    public double PitchAt(int sample) =>
        _pitches.Length == 0 ? double.NaN : _pitches[Math.Clamp((sample - Window / 2) / Step, 0, _pitches.Length - 1)];

    /// <summary>Those with a vowel of 30 ms or more, in order; they do not overlap.</summary>
    public IReadOnlyList<SpokenSyllable> Syllables { get; }

    /// <summary>Finds the syllables: peaks of loudness with a pitch, from valley to valley.</summary>
    public static Speech Analyze(float[] samples)
    {
        int steps = Math.Max(0, (samples.Length - Window) / Step);
        double[] loudness = Smooth([.. Enumerable.Range(0, steps)
            .Select(i => (double)TensorPrimitives.Norm<float>(samples.AsSpan(i * Step, Window)))]);
        // Half of the rate tells a voice's pitch in a quarter of the time.
        float[] low = Resampler.Resample(samples, Rate, Rate / 2);
        double[] pitches = Median([.. Enumerable.Range(0, steps).Select(i => Measure(low, i * Step / 2))]);
        double top = loudness.DefaultIfEmpty(0).Max();
        var syllables = new List<SpokenSyllable>();
        foreach ((int from, int peak, int to) in Hills(loudness, top))
        {
            if (double.IsNaN(pitches[peak]) || to - from > Longest)
                continue;
            int first = peak, last = peak;
            while (first > from && loudness[first - 1] > Vowel * loudness[peak] && !double.IsNaN(pitches[first - 1])) first--;
            while (last + 1 < to && loudness[last + 1] > Vowel * loudness[peak] && !double.IsNaN(pitches[last + 1])) last++;
            if (last - first >= LeastVowel)
                syllables.Add(new SpokenSyllable(Middle(from), Middle(first), Middle(last), Middle(to)));
        }
        return new Speech(samples, pitches, syllables);
    }

    private static int Middle(int step) => step * Step + Window / 2;

    /// <summary>The hills of loudness: where they begin, are highest, and end. Those without a valley between them are one.</summary>
    private static List<(int From, int Peak, int To)> Hills(double[] loudness, double top)
    {
        var hills = new List<(int From, int Peak, int To)>();
        int from = 0;
        while (from < loudness.Length)
        {
            if (loudness[from] <= Quiet * top)
            {
                from++;
                continue;
            }
            int peak = from, valley = from, at = from;
            for (; at < loudness.Length && loudness[at] > Quiet * top; at++)
            {
                if (loudness[at] > loudness[peak] && valley == peak)
                    peak = valley = at;
                else if (loudness[at] < loudness[valley])
                    valley = at;
                if (loudness[valley] < Valley * loudness[peak] && loudness[at] > loudness[valley] / Valley)
                    break;
            }
            bool goesOn = at < loudness.Length && loudness[at] > Quiet * top;
            int to = goesOn ? valley : at;
            if (loudness[peak] > LeastPeak * top)
                hills.Add((from, peak, to));
            from = Math.Max(to, from + 1);
        }
        return hills;
    }

    private static double Measure(float[] samples, int from)
    {
        float hertz = Pitch.FromYin(samples, Rate / 2, from, from + Window / 2, LowestHertz, HighestHertz);
        return hertz > LowestHertz && hertz < HighestHertz ? 69 + 12 * Math.Log2(hertz / 440) : double.NaN;
    }

    private static double[] Smooth(double[] values) =>
        [.. values.Select((_, i) => values[Math.Max(0, i - Smoothing)..Math.Min(values.Length, i + Smoothing + 1)].Average())];

    /// <summary>The median of those around that have a pitch, where most of them have one.</summary>
    private static double[] Median(double[] pitches) =>
    [
        .. pitches.Select((_, i) =>
        {
            double[] near = [.. pitches[Math.Max(0, i - MedianReach)..Math.Min(pitches.Length, i + MedianReach + 1)]
                .Where(p => !double.IsNaN(p)).Order()];
            return near.Length > MedianReach ? near[near.Length / 2] : double.NaN;
        }),
    ];
}
