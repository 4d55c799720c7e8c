using TorchSharp;
using static TorchSharp.torch;

namespace StemJepa.Training.Evaluation;

/// <summary>A head with the moments by which its inputs are standardised. Owns its network and tensors; one caller at a time.</summary>
/// <param name="kind">Its kind.</param>
/// <param name="averagesInput">Whether the mean of a clip's columns is its input.</param>
/// <param name="network">Layers in order.</param>
/// <param name="moments">Mean and deviation of each input.</param>
internal sealed class TrainedHead(ProbeHead kind, bool averagesInput, nn.Module<Tensor, Tensor> network, (Tensor Mean, Tensor Deviation) moments) : IDisposable
{
    public ProbeHead Kind => kind;

    /// <summary>Whether the mean of a clip's columns is its input.</summary>
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
            Half[][] values = [.. network.parameters().Select(parameter => Array.ConvertAll(parameter.detach().contiguous().data<float>().ToArray(), value => (Half)value))];
            return [.. values.Chunk(2).Select(layer => (layer[0], layer[1]))];
        }
    }

    /// <summary>Logits of a clip: [rows, outputs] of a task that asks of each column, else [1, outputs].</summary>
    /// <param name="columns">[columns, length]; not standardised.</param>
    public float[] Logits(float[] columns)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor inputs = tensor(columns).view(-1, moments.Mean.shape[0]);
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
