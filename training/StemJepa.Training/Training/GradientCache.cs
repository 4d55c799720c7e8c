using StemJepa.Training.Networks;
using static TorchSharp.torch;

namespace StemJepa.Training.Training;

/// <summary>
/// Runs the networks over the parts of a large batch, on several threads, and gathers the gradients: the loss over the outputs of all parts
/// gives the gradient of each output, and this goes backwards through the part. Each thread works on whole parts with its own copy of the
/// networks, so that no operation waits for another thread. Small parts are computed without gradients first, and again to go backwards
/// (gradient caching: Gao et al., "Scaling deep contrastive learning batch size under memory limited setup", 2021), so that memory does not
/// grow with the batch; or what backwards needs is kept. Not thread-safe.
/// </summary>
internal sealed class GradientCache : IDisposable
{
    private readonly StemJepaNetwork _network;
    private readonly StemJepaNetwork[] _copies;
    private readonly bool _keep;
    private Tensor[] _kept = [];

    /// <param name="network">The networks whose gradients are wanted.</param>
    /// <param name="threads">Parts computed at once; the gradients depend on it in their last digits.</param>
    /// <param name="keep">True to keep what backwards needs, which takes the memory of the whole batch and no second computation.</param>
    public GradientCache(StemJepaNetwork network, int threads, bool keep = false)
    {
        (_network, _keep) = (network, keep);
        _copies = [.. Enumerable.Range(0, threads).Select(_ => new StemJepaNetwork(network.Sizes) { UseBfloat16 = network.UseBfloat16 })];
    }

    /// <summary>A part of the batch.</summary>
    /// <param name="Rows">Rows of its output.</param>
    /// <param name="Compute">Computes it with the networks given.</param>
    public sealed record Part(int Rows, Func<StemJepaNetwork, Tensor> Compute);

    /// <summary>
    /// The outputs of the parts, row after row, without gradients. In training mode, batch norms update their statistics.
    /// </summary>
    public Tensor Forward(IReadOnlyList<Part> parts)
    {
        Tensor[] outputs = Compute(parts, withGradients: false);
        Tensor all = cat(outputs);
        Dispose(outputs);
        return all;
    }

    /// <summary>The outputs of the parts, row after row, whose gradient <see cref="Backward"/> wants.</summary>
    public Tensor ForwardToLearn(IReadOnlyList<Part> parts)
    {
        if (!_keep)
            return Forward(parts).requires_grad_(true);
        Dispose(_kept);
        _kept = Compute(parts, withGradients: true);
        return cat([.. _kept.Select(output => output.detach())]).requires_grad_(true);
    }

    private Tensor[] Compute(IReadOnlyList<Part> parts, bool withGradients)
    {
        var outputs = new Tensor[parts.Count];
        Share(parts.Count, (copy, index) =>
        {
            using var mode = set_grad_enabled(withGradients);
            outputs[index] = parts[index].Compute(copy).to(ScalarType.Float32).DetachFromDisposeScope();
        });
        return outputs;
    }

    private static void Dispose(Tensor[] outputs)
    {
        foreach (Tensor output in outputs)
            output.Dispose();
    }

    /// <summary>Adds the gradients of the networks that follow from the gradient of the outputs, row after row.</summary>
    /// <param name="parts">Those of <see cref="ForwardToLearn"/>.</param>
    /// <param name="outputGradient">The gradient of what it returned.</param>
    public void Backward(IReadOnlyList<Part> parts, Tensor outputGradient)
    {
        Tensor[] gradients = outputGradient.split([.. parts.Select(part => (long)part.Rows)]);
        foreach (StemJepaNetwork copy in _copies)
            copy.zero_grad(set_to_none: false);
        Share(parts.Count, (copy, index) =>
        {
            Tensor output = _keep ? _kept[index] : parts[index].Compute(copy);
            output.backward([gradients[index].to(output.dtype)]);
        });
        Dispose(_kept);
        _kept = [];
        using var noGradient = no_grad();
        foreach (StemJepaNetwork copy in _copies)
        foreach (var (own, computed) in _network.parameters().Zip(copy.parameters()))
        {
            if (computed.grad is { } gradient)
                own.grad = own.grad is { } sum ? sum.add_(gradient) : gradient.clone().DetachFromDisposeScope();
        }
    }

    /// <summary>
    /// Gives the copies the weights of the encoder and the predictor, and the encoder's mode: before the first part of a step. Their target
    /// encoders stay as they are; parts that want it use the network's own, which is only read.
    /// </summary>
    public void Refresh()
    {
        using var noGradient = no_grad();
        foreach (StemJepaNetwork copy in _copies)
        {
            Copy(_network.Encoder, copy.Encoder);
            Copy(_network.Predictor, copy.Predictor);
            copy.Encoder.train(_network.Encoder.training);
        }
    }

    private static void Copy(nn.Module source, nn.Module destination)
    {
        foreach (var (to, from) in destination.parameters().Zip(source.parameters()))
            to.copy_(from);
        foreach (var (to, from) in destination.buffers().Zip(source.buffers()))
            to.copy_(from);
    }

    /// <summary>Averages the batch-norm statistics of the copies into the encoder's.</summary>
    public void CollectStatistics()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var noted = _copies.Select(copy => copy.Encoder.named_buffers().ToDictionary(buffer => buffer.name, buffer => buffer.buffer))
            .ToArray();
        foreach (var (name, buffer) in _network.Encoder.named_buffers().Where(item => item.buffer.is_floating_point()))
            buffer.copy_(stack([.. noted.Select(buffers => buffers[name])]).mean([0]));
    }

    public void Dispose()
    {
        Dispose(_kept);
        foreach (StemJepaNetwork copy in _copies)
            copy.Dispose();
    }

    /// <summary>Part i always goes to thread i mod threads, so that the sums of gradients are the same in every run.</summary>
    private void Share(int parts, Action<StemJepaNetwork, int> work)
    {
        void PartsOf(int thread)
        {
            for (int index = thread; index < parts; index += _copies.Length)
            {
                using var scope = NewDisposeScope();
                work(_copies[thread], index);
            }
        }
        // Threads of their own: the pool may leave all parts to the caller.
        Task[] others = [.. Enumerable.Range(1, _copies.Length - 1).Select(thread =>
            Task.Factory.StartNew(() => PartsOf(thread), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        PartsOf(0);
        Task.WaitAll(others);
    }
}
