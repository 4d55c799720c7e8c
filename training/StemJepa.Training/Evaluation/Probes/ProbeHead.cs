namespace StemJepa.Training.Evaluation;

/// <summary>What is trained on a frozen feature.</summary>
internal enum ProbeHead
{
    /// <summary>One linear layer.</summary>
    Linear,

    /// <summary>One hidden layer of 128 with ReLU and dropout.</summary>
    Mlp,

    /// <summary>
    /// The hidden layer on each column of patches (0.16 s), its output averaged over time, and a linear layer on that: what holds only at moments, such as
    /// a pitch, is told before it is averaged away.
    /// </summary>
    Columns,
}
