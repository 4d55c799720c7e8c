using CsCheck;
using StemJepa.TestSupport;

namespace StemJepa.Analysis.Tests;

/// <summary>What is added to the affinity in time. Oracles: laws, the formula in double precision, and the affinity itself.</summary>
public sealed class StemCoherenceTests
{
    private const int Rate = 16000, Length = 4 * Rate;

    private static readonly double[] Major = [261.63, 329.63, 392], FarMajor = [369.99, 466.16, 554.37];

    [Fact]
    public void Onsets_coincide_whatever_sounds_there_and_not_elsewhere() => Gen.Int[1, 1000].Sample(seed =>
    {
        var random = new Random(seed);
        double[] times = [.. Enumerable.Range(0, 12).Select(i => 0.3 * i + 0.2 * random.NextDouble())];
        OnsetCurve clicks = Onsets(Bursts(times, seed, 0.4)), own = Onsets(Bursts(times, seed, 0.2));
        OnsetCurve others = Onsets(Bursts(times, seed + 1, 0.4)), late = Onsets(Bursts([.. times.Select(t => t + 0.1)], seed, 0.4));
        Assert.Equal(1, clicks.Coincidence(clicks), 1e-4);
        Assert.Equal(1, clicks.Coincidence(own), 0.02);
        Assert.InRange(clicks.Coincidence(others), 0.8, 1);
        Assert.InRange(clicks.Coincidence(late), -1, 0.6);
        Assert.Equal(clicks.Coincidence(others), others.Coincidence(clicks), 1e-4);
    }, iter: 20);

    [Fact]
    public void The_correlation_in_double_precision_is_the_coincidence_of_noise_with_noise()
    {
        OnsetCurve first = Onsets(Signal.Noise(Length, 1)), second = Onsets(Signal.Noise(Length, 2));
        double best = Enumerable.Range(-2, 5).Max(lag => Correlate(first.Values, second.Values, lag));
        Assert.Equal(best, first.Coincidence(second), 1e-4);
    }

    [Fact]
    public void Chords_are_like_themselves_in_any_octave_and_unlike_far_ones()
    {
        PitchClassCurve chord = PitchClasses(Chord(Major)), quiet = PitchClasses([.. Chord(Major).Select(x => 0.1f * x)]);
        Assert.Equal(1, chord.Likeness(chord), 1e-4);
        Assert.Equal(1, chord.Likeness(quiet), 1e-2);
        Assert.InRange(chord.Likeness(PitchClasses(Chord([.. Major.Select(hertz => 2 * hertz)]))), 0.7, 1);
        Assert.InRange(chord.Likeness(PitchClasses(Chord(FarMajor))), -1, 0);
        Assert.Equal(0, chord.Likeness(PitchClasses(new float[Length])));
    }

    [Fact]
    public void Silence_and_a_single_sample_have_nothing_in_common_with_music()
    {
        float[] music = [.. Chord(Major).Zip(Bursts([0, 1, 2], 1, 0.2), (a, b) => a + b)];
        foreach (float[] odd in new[] { new float[Length], [0.5f], new float[Rate / 100] })
        {
            Assert.Equal(0, Onsets(music).Coincidence(Onsets(odd)));
            Assert.Equal(0, Onsets(odd).Coincidence(Onsets(music)));
            Assert.InRange(PitchClasses(music).Likeness(PitchClasses(odd)), -1f, 1f);
        }
        Assert.Equal(0, PitchClasses(music).Likeness(PitchClasses(new float[Length])));
    }

    [ShippedModelFact]
    public async Task Scores_are_the_affinity_in_time_and_what_is_in_common_from_any_thread()
    {
        using StemAffinity model = StemAffinity.Create();
        var coherence = new StemCoherence(model);
        AudioClip mix = new(Chord(Major), Rate);
        AudioClip[] recordings = [new(Bursts([0, 1, 2, 3], 3, 0.3), Rate), new(Chord(FarMajor), Rate), new(Chord(Major)[..Rate], Rate)];
        IReadOnlyList<float> scores = coherence.Score(mix, recordings, Stem.Bass);
        for (int i = 0; i < recordings.Length; i++)
        {
            float expected = new[] { (8, 8), (8, 9), (9, 8) }.Average(speed => Similarity(Played(mix, speed), Played(recordings[i], speed)))
                + 0.2f * Onsets(mix.Samples.ToArray()).Coincidence(Onsets(recordings[i].Samples.ToArray()))
                + 0.2f * PitchClasses(mix.Samples.ToArray()).Likeness(PitchClasses(recordings[i].Samples.ToArray()));
            Assert.Equal(expected, scores[i], 1e-4f);
        }
        AudioClip Played(AudioClip clip, (int From, int To) speed) => new(
            Resampler.Resample(clip.Samples.Span, speed.From * 2000, speed.To * 2000), Rate);
        float Similarity(AudioClip context, AudioClip recording)
        {
            PatchSequence predicted = new(), own = new();
            model.Predict(context.OpenReader(), Stem.Bass, predicted);
            model.Embed(recording.OpenReader(), own);
            return predicted.Similarity(own);
        }
        CoherenceMix prepared = coherence.Prepare(mix.OpenReader(), Stem.Bass);
        // What goes on after the mix's end, a thousand times louder, changes nothing; other sample rates, little.
        var longer = new AudioClip((float[])[.. Chord(Major), .. Chord(FarMajor).Select(value => 1000 * value)], Rate);
        RecordingCoherence same = coherence.Compare(prepared, mix.OpenReader()), goesOn = coherence.Compare(prepared, longer.OpenReader());
        Assert.Equal(model.Predict(mix, Stem.Bass).UnitVector.ToArray(), prepared.Prediction.UnitVector.ToArray());
        Assert.Equal(1, same.PitchClasses, 1e-4);
        Assert.Equal((same.Onsets, same.PitchClasses), (goesOn.Onsets, goesOn.PitchClasses));
        Assert.Equal(Similarity(mix, mix), same.Affinity, 1e-4f);
        Assert.Equal(same.AtSpeeds + 0.2f * same.Onsets + 0.2f * same.PitchClasses, same.Score, 1e-5f);
        RecordingCoherence elsewhere = coherence.Compare(
            coherence.Prepare(mix.Resample(44100).OpenReader(), Stem.Bass), mix.Resample(48000).OpenReader());
        Assert.Equal(same.Score, elsewhere.Score, 0.05f);
        IReadOnlyList<float>[] again = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            Task.Run(() => coherence.Score(mix, recordings, Stem.Bass))));
        Assert.All(again, other => Assert.Equal(scores, other));
        Assert.Empty(coherence.Score(mix, [], Stem.Bass));
        Assert.All(coherence.Score(mix, [new AudioClip((float[])[0.5f], Rate)], Stem.Bass), score => Assert.InRange(score, -1.4f, 1.4f));
        var empty = new AudioClip(Array.Empty<float>(), Rate);
        Assert.Throws<StemJepaException>(() => coherence.Score(empty, recordings, Stem.Bass));
        Assert.Throws<StemJepaException>(() => coherence.Score(mix, [empty], Stem.Bass));
        Assert.Throws<StemJepaException>(() => coherence.Score(mix, recordings, Stem.Parse("kazoo")));
        Assert.Throws<OperationCanceledException>(() => coherence.Score(mix, recordings, Stem.Bass, new CancellationToken(true)));
    }

    private static OnsetCurve Onsets(float[] samples) => OnsetCurve.FromDynamics(BandDynamics.Compute(samples));

    private static PitchClassCurve PitchClasses(float[] samples) => PitchClassCurve.Compute(samples);

    private static double Correlate(ReadOnlyMemory<float> first, ReadOnlyMemory<float> second, int lag)
    {
        double[] a = Centred(first), b = Centred(second);
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += i - lag >= 0 && i - lag < b.Length ? a[i] * b[i - lag] : 0;
        return sum / Math.Sqrt(a.Sum(x => x * x) * b.Sum(x => x * x));
    }

    private static double[] Centred(ReadOnlyMemory<float> values)
    {
        double mean = values.ToArray().Average(x => (double)x);
        return [.. values.ToArray().Select(x => x - mean)];
    }

    /// <summary>Bursts of noise of 30 ms.</summary>
    private static float[] Bursts(double[] times, int seed, double amplitude)
    {
        float[] samples = new float[Length], noise = Signal.Noise(Length, seed, amplitude);
        foreach (double time in times)
            for (int i = 0; i < 480 && (int)(time * Rate) + i < Length; i++)
                samples[(int)(time * Rate) + i] = noise[i] * (1 - i / 480f);
        return samples;
    }

    private static float[] Chord(double[] hertz)
    {
        float[][] notes = [.. hertz.Select(h => Signal.Sine(h, Rate, Length, 0.15))];
        return [.. Enumerable.Range(0, Length).Select(i => notes.Sum(note => note[i]))];
    }
}
