using StemJepa.Training.Evaluation.Probes.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Evaluation.Probes;

/// <summary>
/// Trains heads with Adam until the validation loss has stopped falling, and keeps the best of all epochs. One caller at a time: libtorch's random source and
/// its number of threads are the process's.
/// </summary>
internal sealed class ProbeTrainer(ProbeTask task)
{
    private const int HiddenWidth = 256, EvaluationRows = 1 << 16;
    private const double Dropout = 0.5, LearningRate = 1e-3, WeightDecay = 1e-4;

    private readonly int batch = task.UsesSequence ? 512 : 32, epochs = task.UsesSequence ? 30 : 300, patience = task.UsesSequence ? 3 : 25;

    /// <summary>Trains a head; all of it is a function of data and seed.</summary>
    /// <returns>The network, from inputs [rows, length] to logits [rows, outputs]; in evaluation mode, the caller's to dispose of.</returns>
    public nn.Module<Tensor, Tensor> Train(ProbeHead head, int seed, ProbeRows train, ProbeRows validation, CancellationToken cancellationToken)
    {
        int threads = get_num_threads();
        try
        {
            if (!task.UsesSequence)
                set_num_threads(1); // Batches are so small that threads would only wait for each other.
            return TrainHead(head, seed, train, validation, cancellationToken);
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    private nn.Module<Tensor, Tensor> TrainHead(ProbeHead head, int seed, ProbeRows train, ProbeRows validation, CancellationToken cancellationToken)
    {
        random.manual_seed(seed);
        nn.Module<Tensor, Tensor> network = Create(head, train.Inputs.shape[1], task.Outputs);
        using var optimiser = optim.Adam(network.parameters(), LearningRate, weight_decay: WeightDecay);
        Tensor[] best = Copy(network);
        double lowest = double.PositiveInfinity;
        for (int epoch = 0, since = 0; epoch < epochs && since < patience; epoch++, since++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Epoch(network, optimiser, train);
            double loss = LossOf(network, validation);
            if (!(loss < lowest))
                continue;
            (lowest, since) = (loss, -1);
            Dispose(best);
            best = Copy(network);
        }
        using (no_grad())
        {
            foreach (var (parameter, kept) in network.parameters().Zip(best))
                parameter.copy_(kept);
        }
        Dispose(best);
        network.eval();
        return network;
    }

    /// <summary>Logits by clip.</summary>
    public static float[][] Predict(nn.Module<Tensor, Tensor> network, ProbeRows rows)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return rows.ByClip(cat([.. rows.Inputs.split(EvaluationRows).Select(network.forward)]));
    }

    private static nn.Module<Tensor, Tensor> Create(ProbeHead head, long inputs, long outputs) => head == ProbeHead.Linear
        ? nn.Linear(inputs, outputs)
        : nn.Sequential(nn.Linear(inputs, HiddenWidth), nn.ReLU(), nn.Dropout(Dropout), nn.Linear(HiddenWidth, outputs));

    private void Epoch(nn.Module<Tensor, Tensor> network, optim.Optimizer optimiser, ProbeRows train)
    {
        network.train();
        using Tensor order = randperm(train.Count);
        for (long start = 0; start < train.Count; start += batch)
        {
            using var scope = NewDisposeScope();
            Tensor rows = order.narrow(0, start, Math.Min(batch, train.Count - start));
            optimiser.zero_grad();
            Loss(network.forward(train.Inputs.index_select(0, rows)), train.Targets.index_select(0, rows)).backward();
            optimiser.step();
        }
    }

    private double LossOf(nn.Module<Tensor, Tensor> network, ProbeRows rows)
    {
        network.eval();
        using var noGradient = no_grad();
        double sum = 0;
        for (long start = 0; start < rows.Count; start += EvaluationRows)
        {
            using var scope = NewDisposeScope();
            long count = Math.Min(EvaluationRows, rows.Count - start);
            sum += count * Loss(network.forward(rows.Inputs.narrow(0, start, count)), rows.Targets.narrow(0, start, count)).item<float>();
        }
        return sum / rows.Count;
    }

    /// <summary>Cross entropy with one distribution, or with a yes and no for each output.</summary>
    private Tensor Loss(Tensor logits, Tensor targets) => task.IsExclusive
        ? -(targets * nn.functional.log_softmax(logits, 1)).sum(1).mean()
        : nn.functional.binary_cross_entropy_with_logits(logits, targets);

    private static Tensor[] Copy(nn.Module<Tensor, Tensor> network) => [.. network.parameters().Select(parameter => parameter.detach().clone())];

    private static void Dispose(Tensor[] tensors)
    {
        foreach (Tensor tensor in tensors)
            tensor.Dispose();
    }
}
