using StemJepa.Training.Evaluation.Probes.Features;
using StemJepa.Training.Evaluation.Probes.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Evaluation.Probes;

/// <summary>
/// Measures what features know (the paper does so on its downstream tasks): they are frozen and standardised, a linear layer and a small MLP are trained on them, the better one on the
/// validation split is trained with further seeds, and the test split is measured. One caller at a time.
/// </summary>
internal sealed class Probe(ProbeData data)
{
    private static readonly int[] Seeds = [1, 2, 3];

    private ProbeTask Task => data.Task;

    /// <summary>Measures one feature.</summary>
    public ProbeResult Measure(IProbeFeature feature, Action<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var features = new Dictionary<ProbeSplit, List<float[]>>();
        int length = 0, done = 0;
        foreach (ProbeClip clip in data.Clips)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (float[] rows, int width) = RowsOf(feature, clip);
            length = width;
            if (!features.TryGetValue(clip.Split, out List<float[]>? list))
                features.Add(clip.Split, list = []);
            list.Add(rows);
            progress?.Invoke(++done / (data.Clips.Count + 1.0));
        }
        using ProbeRows train = Rows(ProbeSplit.Train), validation = Rows(ProbeSplit.Validation), test = Rows(ProbeSplit.Test);
        using (NewDisposeScope())
        {
            (Tensor mean, Tensor deviation) = train.Moments();
            foreach (ProbeRows rows in new[] { train, validation, test })
                rows.Standardise(mean, deviation);
        }
        ProbeResult result = Measure(train, validation, test, cancellationToken);
        progress?.Invoke(1);
        return result;

        ProbeRows Rows(ProbeSplit split)
        {
            features.Remove(split, out List<float[]>? values);
            return new ProbeRows(Task, [.. data.Of(split).Select(clip => clip.Label)], values!, length);
        }
    }

    /// <summary>What guessing gives: the label of a training clip, drawn for each test clip and seed.</summary>
    public ProbeResult Chance()
    {
        IReadOnlyList<ProbeClip> train = data.Of(ProbeSplit.Train), test = data.Of(ProbeSplit.Test);
        var scores = new List<double[]>();
        foreach (int seed in Seeds)
        {
            var source = new Random(seed);
            scores.Add(Task.Score([.. test.Select(clip => clip.Label)],
                [.. test.Select(clip => Task.Targets(train[source.Next(train.Count)].Label, Task.UsesSequence ? RowsOf(clip) : 1))]));
        }
        return ProbeResult.Of(Task.Metrics, null, scores);
    }

    /// <summary>Tempo and beats from onset strength alone; null for other tasks.</summary>
    public ProbeResult? Onsets() => OnsetTracker.Score(Task, data.Of(ProbeSplit.Test)) is { } scores ? ProbeResult.Of(Task.Metrics, null, [scores]) : null;

    private ProbeResult Measure(ProbeRows train, ProbeRows validation, ProbeRows test, CancellationToken cancellationToken)
    {
        var trainer = new ProbeTrainer(Task);
        nn.Module<Tensor, Tensor>[] candidates = [.. Enum.GetValues<ProbeHead>().Select(head => trainer.Train(head, Seeds[0], train, validation, cancellationToken))];
        double[] qualities = [.. candidates.Select(network => Task.Score(validation.Labels, ProbeTrainer.Predict(network, validation))[0])];
        int best = qualities.Index().MaxBy(quality => quality.Item).Index;
        var scores = new List<double[]>();
        foreach (int seed in Seeds)
        {
            using nn.Module<Tensor, Tensor>? trained = seed == Seeds[0] ? null : trainer.Train((ProbeHead)best, seed, train, validation, cancellationToken);
            scores.Add(Task.Score(test.Labels, ProbeTrainer.Predict(trained ?? candidates[best], test)));
        }
        foreach (nn.Module<Tensor, Tensor> candidate in candidates)
            candidate.Dispose();
        return ProbeResult.Of(Task.Metrics, ((ProbeHead)best).ToString().ToLowerInvariant(), scores);
    }

    private (float[] Rows, int Length) RowsOf(IProbeFeature feature, ProbeClip clip)
    {
        AudioClip audio = clip.Load();
        if (Task.UsesSequence)
            return feature.Columns(audio);
        float[] row = feature.Pooled(audio);
        return (row, row.Length);
    }

    private static int RowsOf(ProbeClip clip)
    {
        double patches = clip.Load().Duration.TotalSeconds * FrontEndSettings.SampleRate / FrontEndSettings.Hop / FrontEndSettings.PatchFrames;
        return Math.Max(1, (int)Math.Ceiling(patches));
    }
}
