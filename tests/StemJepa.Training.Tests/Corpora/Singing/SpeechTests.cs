using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Syllables and periods of made-up speech. Oracle: how it was made.</summary>
public sealed class SpeechTests
{
    private const int Rate = Fluidsynth.OutputRate;
    private const double Hertz = 150;

    /// <summary>Three buzzes of 0.2 s at 0.3, 0.9 and 1.5 s.</summary>
    private static readonly double[] Starts = [0.3, 0.9, 1.5];

    private static float[] Buzzes(double seconds = 2, double hertz = Hertz) => [.. Enumerable.Range(0, (int)(seconds * Rate)).Select(i =>
    {
        double time = (double)i / Rate, since = Starts.Select(start => time - start).FirstOrDefault(t => t is >= 0 and < 0.2, -1);
        return since < 0 ? 0 : (float)(0.1 * Math.Sin(Math.PI * since / 0.2)
            * Enumerable.Range(1, 12).Sum(n => Math.Cos(2 * Math.PI * n * hertz * time) / n));
    })];

    [Fact]
    public void Each_buzz_is_a_syllable_of_its_pitch()
    {
        Speech speech = Speech.Analyze(Buzzes());
        Assert.Equal(Starts.Length, speech.Syllables.Count);
        foreach ((SpokenSyllable syllable, double start) in speech.Syllables.Zip(Starts))
        {
            Assert.True(syllable.From <= syllable.VowelFrom && syllable.VowelFrom < syllable.VowelTo && syllable.VowelTo <= syllable.To);
            Assert.InRange((syllable.VowelFrom + syllable.VowelTo) / 2.0 / Rate, start + 0.06, start + 0.14);
            Assert.InRange(syllable.From, (start - 0.06) * Rate, (start + 0.06) * Rate);
            Assert.Equal(69 + 12 * Math.Log2(Hertz / 440), speech.PitchAt((syllable.VowelFrom + syllable.VowelTo) / 2), 0.3);
        }
        Assert.True(double.IsNaN(speech.PitchAt((int)(0.7 * Rate))));
    }

    [Fact]
    public void Silence_noise_and_clips_that_are_too_short_have_no_syllables()
    {
        var random = new Random(3);
        float[] noise = [.. Enumerable.Range(0, Rate).Select(_ => (float)(random.NextDouble() - 0.5))];
        foreach (float[] samples in new[] { [], [0.5f], Buzzes()[..600], new float[Rate], noise })
        {
            Speech speech = Speech.Analyze(samples);
            Assert.Empty(speech.Syllables);
            Assert.True(double.IsNaN(speech.PitchAt(0)));
            var sung = new float[Rate];
            new PitchMarks(speech).Sing(sung, 0, Rate, at => at, _ => 60);
            Assert.All(sung, value => Assert.True(float.IsFinite(value)));
        }
    }

    /// <summary>A syllable that is held for a second at another pitch has that period.</summary>
    [Theory]
    [InlineData(45)]
    [InlineData(52)]
    [InlineData(59)]
    public void What_is_sung_has_the_pitch_that_is_asked_for(int pitch)
    {
        Speech speech = Speech.Analyze(Buzzes());
        SpokenSyllable syllable = speech.Syllables[1];
        var sung = new float[Rate];
        new PitchMarks(speech).Sing(sung, 0, Rate,
            at => syllable.VowelFrom + (syllable.VowelTo - syllable.VowelFrom) * at / Rate, _ => pitch);
        double period = Rate / PitchCurve.Hertz(pitch);
        double Alike(double lag)
        {
            double product = 0, power = 0;
            for (int i = Rate / 4; i < Rate * 3 / 4; i++)
            {
                product += sung[i] * sung[i + (int)Math.Round(lag)];
                power += sung[i] * sung[i];
            }
            return product / power;
        }
        Assert.InRange(Alike(period), 0.85, 1.1);
        Assert.InRange(Alike(0.72 * period), -1, 0.6);
    }
}
