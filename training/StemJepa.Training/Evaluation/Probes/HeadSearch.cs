using static TorchSharp.torch;

namespace StemJepa.Training.Evaluation;

/// <summary>Trains the heads that one feature allows, and finds the one that does best on the validation split. One caller at a time.</summary>
internal sealed class HeadSearch : IDisposable
{
    private const int FirstSeed = 1;

    private readonly ProbeTask task;
    private readonly bool averagesInput;
    private readonly ProbeExamples train, validation;
    private readonly ProbeExamples? test;
    private readonly Tensor mean, deviation;

    /// <param name="features">Rows of the training and validation splits, and perhaps of the test split; given up.</param>
    /// <param name="byClip">Whether a head sees all rows of a clip and averages over them (<see cref="ProbeHead.Columns"/>).</param>
    /// <param name="averagesInput">Whether the rows are means of columns: what a head that is used later must do to columns first.</param>
    public HeadSearch(ProbeFeatures features, bool byClip, bool averagesInput)
    {
        (task, this.averagesInput) = (features.Task, averagesInput);
        Heads = byClip ? [ProbeHead.Columns] : [ProbeHead.Linear, ProbeHead.Mlp];
        train = features.Take(ProbeSplit.Train, byClip)!;
        validation = features.Take(ProbeSplit.Validation, byClip)!;
        test = features.Take(ProbeSplit.Test, byClip);
        (mean, deviation) = train.Moments();
        foreach (ProbeExamples? examples in new[] { train, validation, test })
            examples?.Standardise(mean, deviation);
    }

    /// <summary>The kinds of heads that are tried.</summary>
    public IReadOnlyList<ProbeHead> Heads { get; }

    /// <summary>Trains each kind and returns the best one, the caller's to dispose of.</summary>
    public TrainedHead Best(CancellationToken cancellationToken)
    {
        TrainedHead? best = null;
        foreach (ProbeHead head in Heads)
        {
            TrainedHead candidate = Train(head, FirstSeed, cancellationToken);
            if (best is not null && candidate.Validation[0] <= best.Validation[0])
            {
                candidate.Dispose();
                continue;
            }
            best?.Dispose();
            best = candidate;
        }
        return best!;
    }

    /// <summary>Trains one kind; the caller's to dispose of.</summary>
    public TrainedHead Train(ProbeHead head, int seed, CancellationToken cancellationToken)
    {
        var network = new ProbeTrainer(task).Train(head, seed, train, validation, cancellationToken);
        return new TrainedHead(head, averagesInput, network, (mean.clone(), deviation.clone()))
        {
            Validation = task.Score(validation.Labels, ProbeTrainer.Predict(network, validation)),
        };
    }

    /// <summary>The task's metrics of a head on the test split.</summary>
    public double[] Score(TrainedHead head) => task.Score(test!.Labels, head.Predict(test));

    public void Dispose()
    {
        train.Dispose();
        validation.Dispose();
        test?.Dispose();
        mean.Dispose();
        deviation.Dispose();
    }
}
