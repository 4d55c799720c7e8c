namespace StemJepa;

/// <summary>Sizes of the predictor, as <c>model.json</c> states them.</summary>
public sealed record ModelPredictor
{
    /// <summary>Width of each hidden layer, input side first.</summary>
    public required IReadOnlyList<int> Hidden { get; init; }
}
