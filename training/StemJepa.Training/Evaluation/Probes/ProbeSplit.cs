namespace StemJepa.Training.Evaluation;

/// <summary>The parts of a data set.</summary>
internal enum ProbeSplit
{
    /// <summary>Heads are fitted to it.</summary>
    Train,

    /// <summary>Says when to stop, and which head is the better one.</summary>
    Validation,

    /// <summary>Is measured, and chooses nothing.</summary>
    Test,
}
