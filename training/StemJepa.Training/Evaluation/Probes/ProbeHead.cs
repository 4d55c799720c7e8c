namespace StemJepa.Training.Evaluation.Probes;

/// <summary>What is trained on a frozen feature.</summary>
internal enum ProbeHead
{
    /// <summary>One linear layer.</summary>
    Linear,

    /// <summary>One hidden layer of 256 with ReLU and dropout.</summary>
    Mlp,
}
