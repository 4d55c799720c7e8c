using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Evaluation;

/// <summary>Trains the heads that fit one feature and finds the best one on the validation split. Not thread-safe.</summary>
internal sealed class HeadSearch : IDisposable
{
    private const int FirstSeed = 1;

    private readonly ProbeTask _task;
    private readonly bool _averagesInput;
    private readonly ProbeExamples _train, _validation;
    private readonly ProbeExamples? _test;
    private readonly Tensor _mean, _deviation;

    /// <param name="features">Rows of the training and validation splits, and perhaps of the test split; moved out of it.</param>
    /// <param name="byClip">Whether a head takes all rows of a clip and averages over them (<see cref="ProbeHead.Columns"/>).</param>
    /// <param name="averagesInput">Whether the rows are means of time patches, so that a user of the head must average first.</param>
    /// <param name="kinds">The kinds of heads that are tried; null: all.</param>
    public HeadSearch(ProbeFeatures features, bool byClip, bool averagesInput, IReadOnlyList<ProbeHead>? kinds = null)
    {
        (_task, _averagesInput) = (features.Task, averagesInput);
        Heads = kinds ?? (byClip ? [ProbeHead.Columns] : [ProbeHead.Linear, ProbeHead.Mlp]);
        _train = features.Take(ProbeSplit.Train, byClip)!;
        _validation = features.Take(ProbeSplit.Validation, byClip)!;
        _test = features.Take(ProbeSplit.Test, byClip);
        (_mean, _deviation) = _train.Moments();
        foreach (ProbeExamples? examples in new[] { _train, _validation, _test })
            examples?.Standardise(_mean, _deviation);
    }

    /// <summary>The kinds of heads that are tried.</summary>
    public IReadOnlyList<ProbeHead> Heads { get; }

    /// <summary>Trains each kind and returns the best one, which the caller disposes of.</summary>
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

    /// <summary>Trains one kind; the caller disposes of it.</summary>
    public TrainedHead Train(ProbeHead head, int seed, CancellationToken cancellationToken)
    {
        var network = new ProbeTrainer(_task).Train(head, seed, _train, _validation, cancellationToken);
        return new TrainedHead(head, _averagesInput, network, (_mean.clone(), _deviation.clone()))
        {
            Validation = _task.Score(_validation.Labels, ProbeTrainer.Predict(network, _validation)),
        };
    }

    /// <summary>The task's metrics of a head on the test split.</summary>
    public double[] Score(TrainedHead head) => _task.Score(_test!.Labels, head.Predict(_test));

    public void Dispose()
    {
        _train.Dispose();
        _validation.Dispose();
        _test?.Dispose();
        _mean.Dispose();
        _deviation.Dispose();
    }
}

/// <summary>A head with the moments that standardise its inputs. Owns its network and tensors. Not thread-safe.</summary>
/// <param name="kind">Its kind.</param>
/// <param name="averagesInput">Whether its input is the mean of a clip's time patches.</param>
/// <param name="network">Layers in order.</param>
/// <param name="moments">Mean and deviation of each input.</param>
internal sealed class TrainedHead(ProbeHead kind, bool averagesInput, nn.Module<Tensor, Tensor> network,
    (Tensor Mean, Tensor Deviation) moments) : IDisposable
{
    public ProbeHead Kind => kind;

    /// <summary>Whether its input is the mean of a clip's time patches.</summary>
    public bool AveragesInput => averagesInput;

    /// <summary>Figures on the validation split, in the order of the task's metrics.</summary>
    public required IReadOnlyList<double> Validation { get; init; }

    public float[] Mean => moments.Mean.data<float>().ToArray();

    public float[] Deviation => moments.Deviation.data<float>().ToArray();

    /// <summary>Weights [outputs, inputs] and biases of the linear layers, first to last, as half precision holds them.</summary>
    public IReadOnlyList<(Half[] Weight, Half[] Bias)> Layers
    {
        get
        {
            Half[][] values = [.. network.parameters()
                .Select(parameter => Array.ConvertAll(parameter.detach().contiguous().data<float>().ToArray(), value => (Half)value))];
            return [.. values.Chunk(2).Select(layer => (layer[0], layer[1]))];
        }
    }

    /// <summary>Computes the logits of a clip: [rows, outputs] of a task with targets for each time patch, else [1, outputs].</summary>
    /// <param name="patches">[time patches, length]; not standardised.</param>
    public float[] Logits(float[] patches)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor inputs = tensor(patches).view(-1, moments.Mean.shape[0]);
        inputs = ((averagesInput ? inputs.mean([0], keepdim: true) : inputs) - moments.Mean) / moments.Deviation;
        return network.forward(kind == ProbeHead.Columns ? inputs.unsqueeze(0) : inputs).contiguous().data<float>().ToArray();
    }

    /// <summary>Logits of standardised examples, by clip.</summary>
    public float[][] Predict(ProbeExamples examples) => ProbeTrainer.Predict(network, examples);

    public void Dispose()
    {
        network.Dispose();
        moments.Mean.Dispose();
        moments.Deviation.Dispose();
    }
}
