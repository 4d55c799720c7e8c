namespace StemJepa.Training.Evaluation;

/// <summary>
/// Probes frozen features (the paper does so on its downstream tasks): they are standardised, a linear layer and a small MLP are trained on
/// them, the better one on the validation split is trained with further seeds, and the test split is measured. One caller at a time.
/// </summary>
internal sealed class Probe
{
    private static readonly int[] Seeds = [1, 2, 3];

    private readonly ProbeData _data;

    /// <exception cref="StemJepaException">There is nothing to test on.</exception>
    public Probe(ProbeData data)
    {
        data.Require(ProbeSplit.Test);
        _data = data;
    }

    private ProbeTask Task => _data.Task;

    /// <summary>
    /// Measures one feature: by time patch where the task has targets for each, else averaged over the recording, as the paper does.
    /// </summary>
    public ProbeResult Measure(IProbeFeature feature, Action<double>? progress = null, CancellationToken cancellationToken = default) =>
        Measure(clip => RowsOf(feature, clip), byClip: false, progress, cancellationToken);

    /// <summary>
    /// Measures one feature with a head that takes every time patch and averages over them (<see cref="ProbeHead.Columns"/>): ours, not the
    /// paper's.
    /// </summary>
    public ProbeResult MeasureTimePatches(IProbeFeature feature, Action<double>? progress = null,
        CancellationToken cancellationToken = default) =>
        Measure(feature.TimePatches, byClip: true, progress, cancellationToken);

    /// <summary>Measures guessing: the label of a random training clip for each test clip and seed.</summary>
    public ProbeResult Chance()
    {
        IReadOnlyList<ProbeClip> train = _data.ClipsIn(ProbeSplit.Train), test = _data.ClipsIn(ProbeSplit.Test);
        var scores = new List<double[]>();
        foreach (int seed in Seeds)
        {
            var source = new Random(seed);
            scores.Add(Task.Score([.. test.Select(clip => clip.Label)],
                [.. test.Select(clip => Task.Targets(train[source.Next(train.Count)].Label, Task.UsesSequence ? RowsOf(clip) : 1))]));
        }
        return ProbeResult.FromSeeds(Task.Metrics, null, scores);
    }

    /// <summary>Tempo and beats from onset strength alone; null for other tasks.</summary>
    public ProbeResult? Onsets() => OnsetTracker.Score(Task, _data.ClipsIn(ProbeSplit.Test)) is { } scores
        ? ProbeResult.FromSeeds(Task.Metrics, null, [scores]) : null;

    private ProbeResult Measure(Func<AudioClip, (float[] Rows, int Length)> rowsOf, bool byClip, Action<double>? progress,
        CancellationToken cancellationToken)
    {
        const double gathering = 0.95;
        ProbeFeatures features = ProbeFeatures.Gather(_data, rowsOf, Enum.GetValues<ProbeSplit>(), share =>
            progress?.Invoke(gathering * share), cancellationToken);
        using var search = new HeadSearch(features, byClip, averagesInput: false);
        using TrainedHead best = search.Best(cancellationToken);
        var scores = new List<double[]> { search.Score(best) };
        foreach (int seed in Seeds[1..])
        {
            using TrainedHead again = search.Train(best.Kind, seed, cancellationToken);
            scores.Add(search.Score(again));
        }
        progress?.Invoke(1);
        return ProbeResult.FromSeeds(Task.Metrics, best.Kind.ToString().ToLowerInvariant(), scores);
    }

    private (float[] Rows, int Length) RowsOf(IProbeFeature feature, AudioClip clip)
    {
        if (Task.UsesSequence)
            return feature.TimePatches(clip);
        float[] row = feature.Pooled(clip);
        return (row, row.Length);
    }

    private static int RowsOf(ProbeClip clip)
    {
        double patches = clip.Load().Duration.TotalSeconds * FrontEndSettings.FramesPerSecond / FrontEndSettings.PatchFrames;
        return Math.Max(1, (int)Math.Ceiling(patches));
    }
}
