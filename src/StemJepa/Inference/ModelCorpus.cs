namespace StemJepa;

/// <summary>What a model was trained on.</summary>
public sealed record ModelCorpus
{
    /// <summary>The corpus's name.</summary>
    public required string Name { get; init; }

    /// <summary>Number of songs.</summary>
    public int Songs { get; init; }

    /// <summary>Their length together, in hours.</summary>
    public double Hours { get; init; }

    /// <summary>Training steps.</summary>
    public long Steps { get; init; }
}
