using StemJepa.TestSupport;
using StemJepa.Training.Corpora;
using StemJepa.Training.Networks;
using StemJepa.Training.Tests.Corpora;
using StemJepa.Training.Training;

namespace StemJepa.Training.Tests.Training;

/// <summary>
/// Batches with instrument families as targets, on songs whose parts are tones that tell them apart: guitar and keys are other, pipes are
/// the lead. The second song has no keys.
/// </summary>
public sealed class FamilyBatchTests : IDisposable
{
    private const double Bass = 150, Drums = 400, Guitar = 900, Keys = 1700, Pipes = 3400;
    private const int Bands = FrontEndSettings.MelBands, Frame = 30, Seconds = 10, Rate = 16000;

    private static readonly string[] Names = ["keys", "guitar", "pipes", "brass"];
    private static readonly (double Hertz, int Band, float Level)[] References = MeasureTones();

    private static readonly TrainingSettings Settings = new()
    {
        Sizes = new NetworkSizes("tiny", 16, 1, 2, [16], PatchEmbedding.Convolutional),
        ContrastiveSteps = 0,
        JepaSteps = 400,
        JepaBatch = 8,
        JepaWindowSeconds = 0.8,
        WarmupSteps = 1,
        Families = Names,
        FamilyShare = 0.5,
        SubmixShare = 0.3,
        FullContextShare = 0.3,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly CorpusAudio _audio;

    public FamilyBatchTests()
    {
        string[] folders = [_folder.PathOf("song0"), _folder.PathOf("song1")];
        foreach (string folder in folders)
        {
            bool hasKeys = folder == folders[0];
            Directory.CreateDirectory(folder);
            (string Name, float[] Samples)[] stems = [("bass", Tone(Bass)), ("drums", Tone(Drums)), ("vocals", Tone(Pipes)),
                ("other", hasKeys ? [.. Tone(Guitar).Zip(Tone(Keys), (guitar, keys) => guitar + keys)] : Tone(Guitar))];
            foreach ((string name, float[] samples) in stems)
                new AudioClip(samples, Rate).Save(Path.Combine(folder, name + ".wav"));
            if (hasKeys)
                TinyFamilies.Write(folder, ("guitar", ["other"], Tone(Guitar)), ("keys", ["other"], Tone(Keys)),
                    ("pipes", ["vocals"], null));
            else
                TinyFamilies.Write(folder, ("guitar", ["other"], null), ("pipes", ["vocals"], null));
        }
        _audio = new CorpusAudio([.. folders.Select(folder => new CorpusSong(Path.GetFileName(folder), folder))], Names);
    }

    public void Dispose()
    {
        _audio.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Families_of_songs_are_read_with_what_is_left_of_their_roles()
    {
        Assert.Equal([0, 1, 2], _audio.FamiliesOf(0));
        Assert.Equal([1, 2], _audio.FamiliesOf(1));
        Assert.Equal([2], _audio.RolesOf(0, 1));
        Assert.Equal([3], _audio.RolesOf(1, 2));
        float[] samples = new float[400], left = new float[400];
        _audio.ReadFamily(0, 1, 1000, samples, left);
        AssertClose(Tone(Guitar).AsSpan(1000, 400), samples);
        AssertClose(Tone(Keys).AsSpan(1000, 400), left);
        _audio.ReadFamily(1, 1, 1000, samples, left);
        AssertClose(Tone(Guitar).AsSpan(1000, 400), samples);
        AssertClose(new float[400], left);
        _audio.ReadFamily(0, 0, Seconds * Rate, samples, left);
        AssertClose(new float[400], samples);
    }

    [Fact]
    public void Targets_are_families_in_their_share_and_contexts_have_the_rest_in_half()
    {
        int pairs = 0, families = 0, withRest = 0, withoutRest = 0;
        for (int step = 0; step < 320; step++)
        {
            using var batch = (JepaBatch)Build(Settings, step);
            bool oneKind = step % 4 != 0;
            Assert.True(!oneKind || batch.Stems.Distinct().Count() == 1);
            for (int pair = 0; pair < batch.Pairs; pair++)
            {
                pairs++;
                float[] label = batch.Labels!.AsSpan(8 * pair, 8).ToArray();
                Assert.True(label[batch.Stems[pair]] > 0);
                Assert.Equal(1, label.Sum(), 1e-6);
                if (batch.Stems[pair] < 4)
                {
                    Assert.Equal(0, label[4..].Sum());
                    continue;
                }
                families++;
                string family = Names[batch.Stems[pair] - 4];
                double tone = family switch { "guitar" => Guitar, "keys" => Keys, _ => Pipes };
                double[] target = Sounding(batch, batch.Pairs + pair), context = Sounding(batch, pair);
                Assert.Equal([tone], target);
                Assert.DoesNotContain(tone, context);
                Assert.NotEmpty(context);
                if (family is "guitar" or "keys")
                {
                    bool hasRest = context.Contains(family == "guitar" ? Keys : Guitar);
                    (withRest, withoutRest) = hasRest ? (withRest + 1, withoutRest) : (withRest, withoutRest + 1);
                }
            }
        }
        // In batches of several kinds, families that are all of their roles give way; and guitar has no rest in one song of two.
        Assert.InRange((double)families / pairs, 0.35, 0.48);
        Assert.InRange((double)withRest / (withRest + withoutRest), 0.3, 0.5);
    }

    [Fact]
    public void A_batch_of_one_family_is_of_songs_that_have_it()
    {
        var found = new HashSet<int>();
        for (int step = 1; step < 100; step++)
        {
            using var batch = (JepaBatch)Build(Settings with { FamilyShare = 1 }, step);
            if (step % 4 == 0)
            {
                Assert.True(batch.Stems.Distinct().Count() > 1);
                continue;
            }
            found.Add(Assert.Single(batch.Stems.Distinct()));
        }
        Assert.Equal([4, 5, 6], found.Order());
    }

    [Fact]
    public void Two_targets_of_one_family_of_one_window_are_no_negatives_of_each_other()
    {
        TrainingSettings settings = Settings with { FamilyShare = 1, SubmixShare = 0, PlacesPerSong = 2 };
        int same = 0, different = 0;
        for (int step = 0; step < 160; step += 4)
        {
            using var batch = (JepaBatch)Build(settings, step);
            for (int first = 0; first < batch.Pairs; first += 2)
            {
                bool repeats = batch.Repeats is { } marks && marks.InTime[first * batch.Pairs + first + 1];
                bool alike = batch.Stems[first] >= 4 && batch.Stems[first] == batch.Stems[first + 1];
                Assert.Equal(alike, repeats);
                (same, different) = alike ? (same + 1, different) : (same, different + 1);
            }
        }
        Assert.True(same > 10 && different > 10, $"{same} alike, {different} not");
    }

    [Fact]
    public void Batches_without_families_are_what_they_were()
    {
        TrainingSettings plain = Settings with { Families = null, FamilyShare = 0 };
        using var audio = new CorpusAudio(_audio.Songs);
        for (int step = 0; step < 8; step++)
        {
            using Batch without = new BatchBuilder(audio, plain, FrontEnd()).Build(step),
                with = Build(Settings with { FamilyShare = 0 }, step);
            Assert.Equal(without.LogMels.AsSpan(0, without.Count * Bands * without.Frames),
                with.LogMels.AsSpan(0, with.Count * Bands * with.Frames));
        }
    }

    [Fact]
    public void Settings_that_do_not_hold_are_refused()
    {
        (TrainingSettings Settings, string Sentence)[] cases =
        [
            (Settings with { Families = ["guitar", "ukulele"] }, "ukulele"), (Settings with { Families = ["guitar", "guitar"] }, "twice"),
            (Settings with { FamilyShare = 1.5 }, "family_share"), (Settings with { Families = null }, "without families"),
        ];
        Assert.All(cases, item => Assert.Contains(item.Sentence, Assert.Throws<StemJepaException>(item.Settings.Check).Message));
        Settings.Check();
    }

    /// <summary>The tones that are louder than -60 dB of a tone as songs have it, in its mel band.</summary>
    private static double[] Sounding(Batch batch, int row)
    {
        float threshold = (float)(Math.Log(1e-6) / new FrontEndSettings().StandardDeviation);
        return [.. References.Where(tone => batch.LogMels[(row * Bands + tone.Band) * batch.Frames + Frame] > tone.Level + threshold)
            .Select(tone => tone.Hertz)];
    }

    /// <summary>The band of each tone and its level there.</summary>
    private static (double Hertz, int Band, float Level)[] MeasureTones() => [.. new[] { Bass, Drums, Guitar, Keys, Pipes }.Select(hertz =>
    {
        float[] logMel = FrontEnd().Compute(Tone(hertz).AsSpan(0, Rate));
        int frames = logMel.Length / Bands, band = Enumerable.Range(0, Bands).MaxBy(index => logMel[index * frames + Frame]);
        return (hertz, band, logMel[band * frames + Frame]);
    })];

    private static LogMelSpectrogram FrontEnd() => new(new FrontEndSettings());

    private static float[] Tone(double hertz) => TinyDataSet.Tone(hertz, rate: Rate) is var second
        ? [.. Enumerable.Repeat(second, Seconds).SelectMany(samples => samples)] : [];

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> found)
    {
        for (int i = 0; i < found.Length; i++)
            Assert.Equal(expected[i], found[i], 2e-4);
    }

    private Batch Build(TrainingSettings settings, long step) => new BatchBuilder(_audio, settings, FrontEnd()).Build(step);
}
