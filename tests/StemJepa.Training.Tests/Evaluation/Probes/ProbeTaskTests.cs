using CsCheck;
using StemJepa.Training.Evaluation;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>The law: a head that gave exactly its targets would be right. And values worked by hand.</summary>
public sealed class ProbeTaskTests
{
    [Fact]
    public void Tempo_targets_are_read_back_within_one_per_cent() => Gen.Double[31, 290].Sample(tempo =>
    {
        float[] targets = new TempoTask().Targets(ProbeLabel.FromTempo(tempo), 1);
        Assert.Equal(1, targets.Sum(), 4);
        Assert.InRange(TempoClasses.Estimate(Logarithms(targets)) / tempo, 0.99, 1.01);
    });

    /// <summary>Beats at 0 and 0.2 s are frames 0 and 20: one, a half and a quarter about each, in rows of 16.</summary>
    [Fact]
    public void Beat_targets_are_peaks_at_their_frames()
    {
        float[] targets = new BeatTask().Targets(ProbeLabel.FromBeats([0, 0.2, 7]), 2);
        Assert.Equal(32, targets.Length);
        Assert.Equal([1f, 0.5f, 0.25f, 0], targets[..4]);
        Assert.Equal([0, 0.25f, 0.5f, 1, 0.5f, 0.25f, 0], targets[17..24]);
        Assert.Equal(2 * 1 + 3 * 0.5 + 3 * 0.25, targets.Sum(), 6);
    }

    [Fact]
    public void Beats_that_are_marked_are_found() => Gen.Double[70, 180].Sample(tempo =>
    {
        double[] beats = [.. Enumerable.Range(0, (int)(20 * tempo / 60)).Select(i => 0.3 + i * 60 / tempo)];
        var task = new BeatTask();
        float[] targets = task.Targets(ProbeLabel.FromBeats(beats), 126);
        Assert.InRange(task.Score([ProbeLabel.FromBeats(beats)], [Logarithms(targets)])[0], 0.93, 1);
    }, iter: 20);

    [Fact]
    public void Classes_are_the_greatest_logit()
    {
        var task = new KeyTask();
        float[][] logits = [Peak(0), Peak(7), Peak(21), Peak(1)];
        ProbeLabel truth = ProbeLabel.FromClass(0);
        Assert.Equal([(1 + 0.5 + 0.3 + 0) / 4, 0.25], task.Score([truth, truth, truth, truth], logits));
        Assert.Equal(1f, task.Targets(truth, 1)[0]);

        static float[] Peak(int key)
        {
            float[] values = [.. Enumerable.Repeat(-1f, 24)];
            values[key] = 2;
            return values;
        }
    }

    /// <summary>
    /// The laws: a recording that is played higher is in the key of that, has its beats earlier and its tempo faster by one factor; and
    /// back again.
    /// </summary>
    [Fact]
    public void Labels_follow_the_speed() => Gen.Select(Gen.Int[0, 23], Gen.Int[-12, 12], Gen.Double[40, 200])
        .Sample((number, semitones, tempo) =>
    {
        var key = new KeyTask();
        ProbeLabel higher = key.Varied(ProbeLabel.FromClass(number), semitones);
        Assert.Equal(((number % 12 + semitones + 12) % 12, number / 12), (higher.Class % 12, higher.Class / 12));
        Assert.Equal(number, key.Varied(higher, -semitones).Class);
        double speed = Math.Pow(2, semitones / 12.0);
        Assert.Equal(speed, new TempoTask().Varied(ProbeLabel.FromTempo(tempo), semitones).Tempo / tempo, speed * 0.016);
        Assert.Equal(1 / speed, new BeatTask().Varied(ProbeLabel.FromBeats([0.5, tempo]), semitones).Beats[1] / tempo, 0.016 / speed);
        Assert.Equal(number, new ClassTask("genre", ["a", "b"]).Varied(ProbeLabel.FromClass(number), semitones).Class);
    });

    [Fact]
    public void Tags_are_ranked_each_for_itself()
    {
        var task = new TagTask(["a", "b"]);
        ProbeLabel[] labels = [ProbeLabel.FromTags([true, false]), ProbeLabel.FromTags([false, true])];
        Assert.Equal([1, 1], task.Score(labels, [[5, -9], [4, -8]]));
        Assert.Equal([0.5, 0.75], task.Score(labels, [[5, -8], [4, -9]]));
        Assert.Equal([1f, 0, 1, 0], task.Targets(labels[0], 2));
    }

    private static float[] Logarithms(float[] values) => Array.ConvertAll(values, value => MathF.Log(value + 1e-6f));
}
