namespace StemJepa;

/// <summary>How a prediction and a candidate are compared.</summary>
public enum AffinityComparison
{
    /// <summary>Both averaged over time first, as the paper does: which recording of a library fits, wherever it begins.</summary>
    Mean = 0,

    /// <summary>
    /// In time (frame-wise): the cosine of each predicted time patch and the candidate's own at the same time, averaged. For loops and
    /// takes that start together with the mix.
    /// </summary>
    InTime = 1,
}
