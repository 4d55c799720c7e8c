namespace StemJepa;

/// <summary>How the embedding that a mix asks for and that of a candidate are compared.</summary>
public enum AffinityComparison
{
    /// <summary>Both averaged over time first, as the paper does: which recording of a library fits, wherever it begins.</summary>
    Mean = 0,

    /// <summary>Moment by moment from the beginning of both, then averaged: which take fits as it is played, in step with the mix.</summary>
    Aligned = 1,
}
