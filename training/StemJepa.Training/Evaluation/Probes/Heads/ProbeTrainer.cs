using StemJepa.Training.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// Trains heads with Adam and L2 decay until the validation loss has stopped falling, and keeps the best of all epochs. One caller at a
/// time: libtorch's random source and its number of threads are the process's.
/// </summary>
internal sealed class ProbeTrainer(ProbeTask task)
{
    private const int HiddenWidth = 128;
    private const double Dropout = 0.5, LearningRate = 1e-3, WeightDecay = 1e-4, Beta2 = 0.999;

    /// <summary>
    /// Trains a head; all of it is a function of data and seed. Its weights are rounded to half precision, in which heads are shipped.
    /// </summary>
    /// <returns>
    /// The network, from standardised inputs [rows, length] or [clips, time patches, length] to logits [rows or clips, outputs]; in
    /// evaluation mode. The caller disposes of it.
    /// </returns>
    public nn.Module<Tensor, Tensor> Train(ProbeHead head, int seed, ProbeExamples train, ProbeExamples validation,
        CancellationToken cancellationToken)
    {
        int threads = get_num_threads();
        try
        {
            if (train is ProbeRows && !task.UsesSequence)
                set_num_threads(1); // Batches are so small that threads would only wait for each other.
            return TrainHead(head, seed, train, validation, cancellationToken);
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    private nn.Module<Tensor, Tensor> TrainHead(ProbeHead head, int seed, ProbeExamples train, ProbeExamples validation,
        CancellationToken cancellationToken)
    {
        random.manual_seed(seed);
        var source = new Random(seed);
        nn.Module<Tensor, Tensor> network = Create(head, train.Inputs.shape[1], task.Outputs);
        var optimiser = new AdamW(network.named_parameters(), 0, Beta2);
        Tensor[] best = Copy(network);
        double lowest = double.PositiveInfinity;
        (int epochs, int patience) = train.Duration;
        long step = 0;
        for (int epoch = 0, since = 0; epoch < epochs && since < patience; epoch++, since++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            step = Epoch(network, optimiser, step, train, source);
            double loss = LossOf(network, validation);
            if (!(loss < lowest))
                continue;
            (lowest, since) = (loss, -1);
            Dispose(best);
            best = Copy(network);
        }
        using (no_grad())
        using (NewDisposeScope())
        {
            foreach (var (parameter, kept) in network.parameters().Zip(best))
                parameter.copy_(kept.to(ScalarType.Float16));
        }
        Dispose(best);
        Dispose(optimiser.State.Values);
        network.eval();
        return network;
    }

    /// <summary>Logits by clip.</summary>
    public static float[][] Predict(nn.Module<Tensor, Tensor> network, ProbeExamples examples)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return examples.ByClip(cat([.. examples.Parts().Select(part => network.forward(part.Inputs))]));
    }

    private static nn.Module<Tensor, Tensor> Create(ProbeHead head, long inputs, long outputs) => head switch
    {
        ProbeHead.Linear => nn.Sequential(nn.Linear(inputs, outputs)),
        ProbeHead.Mlp => nn.Sequential(nn.Linear(inputs, HiddenWidth), nn.ReLU(), nn.Dropout(Dropout), nn.Linear(HiddenWidth, outputs)),
        _ => nn.Sequential(nn.Linear(inputs, HiddenWidth), nn.ReLU(), new MeanOverTime(), nn.Dropout(Dropout),
            nn.Linear(HiddenWidth, outputs)),
    };

    /// <summary>All examples once; returns the number of steps, of which there were <paramref name="step"/> before.</summary>
    private long Epoch(nn.Module<Tensor, Tensor> network, AdamW optimiser, long step, ProbeExamples train, Random source)
    {
        network.train();
        using Scalar decay = WeightDecay;
        using Tensor order = randperm(train.Count);
        for (long start = 0; start < train.Count; start += train.BatchSize)
        {
            using var scope = NewDisposeScope();
            Tensor examples = order.narrow(0, start, Math.Min(train.BatchSize, train.Count - start));
            optimiser.ClearGradients();
            Loss(network.forward(train.Draw(examples, source)), train.Targets.index_select(0, examples)).backward();
            using (no_grad())
                foreach (var parameter in network.parameters())
                    parameter.grad!.add_(parameter, decay);
            optimiser.Step(LearningRate, ++step);
        }
        return step;
    }

    private double LossOf(nn.Module<Tensor, Tensor> network, ProbeExamples examples)
    {
        network.eval();
        using var noGradient = no_grad();
        double sum = 0;
        foreach ((Tensor inputs, Tensor targets) in examples.Parts())
        {
            using var scope = NewDisposeScope();
            sum += targets.shape[0] * Loss(network.forward(inputs), targets).item<float>();
            inputs.Dispose();
            targets.Dispose();
        }
        return sum / examples.Count;
    }

    /// <summary>Cross entropy with one distribution, or with a yes and no for each output.</summary>
    private Tensor Loss(Tensor logits, Tensor targets) => task.IsExclusive
        ? -(targets * nn.functional.log_softmax(logits, 1)).sum(1).mean()
        : nn.functional.binary_cross_entropy_with_logits(logits, targets);

    private static Tensor[] Copy(nn.Module<Tensor, Tensor> network) =>
        [.. network.parameters().Select(parameter => parameter.detach().clone())];

    private static void Dispose(IEnumerable<Tensor> tensors)
    {
        foreach (Tensor tensor in tensors)
            tensor.Dispose();
    }
}

/// <summary>The kinds of heads on a frozen feature.</summary>
internal enum ProbeHead
{
    /// <summary>One linear layer.</summary>
    Linear,

    /// <summary>One hidden layer of 128 with ReLU and dropout.</summary>
    Mlp,

    /// <summary>
    /// The hidden layer on each time patch (0.16 s), its output averaged over time, and a linear layer on that: features that hold only for
    /// a short time, such as a pitch, are classified before averaging. Results files call it <c>columns</c>.
    /// </summary>
    Columns,
}

/// <summary>Maps [clips, time patches, length] to the mean over time, [clips, length].</summary>
internal sealed class MeanOverTime() : nn.Module<Tensor, Tensor>(nameof(MeanOverTime))
{
    public override Tensor forward(Tensor input) => input.mean([1]);
}
