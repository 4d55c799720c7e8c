namespace StemJepa.Training.Evaluation;

/// <summary>A head that is to be used, and what it was trained on.</summary>
/// <param name="Data">The data set; its task says what the outputs mean.</param>
/// <param name="Input">What the head looks at.</param>
/// <param name="Head">The head.</param>
internal sealed record ChosenHead(ProbeData Data, HeadInput Input, TrainedHead Head);
