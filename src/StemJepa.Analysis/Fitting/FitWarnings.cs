namespace StemJepa;

/// <summary>Sentences about recordings of which a fit says nothing, the same wherever fits are shown.</summary>
internal static class FitWarnings
{
    /// <summary>One for the mix, and one for each candidate, that is silent or shorter than what the model compares.</summary>
    /// <param name="mix">What the mix is called.</param>
    /// <param name="fits">Fits to that mix, each with what the candidate is called.</param>
    public static IReadOnlyList<string> Find(string mix, IEnumerable<(string Candidate, StemFit Fit)> fits)
    {
        (string Candidate, StemFit Fit)[] all = [.. fits];
        return [.. all.Take(1).Select(fit => Find(mix, fit.Fit.IsMixSilent, fit.Fit.IsMixTooShort))
            .Concat(all.Select(fit => Find(fit.Candidate, fit.Fit.IsSilent, fit.Fit.IsTooShort))).OfType<string>()];
    }

    public static string Silent(string recording) => $"{recording} is silent, so what is said of it means nothing.";

    private static string? Find(string recording, bool isSilent, bool isTooShort) => isSilent ? Silent(recording)
        : isTooShort ? FormattableString.Invariant(
            $"{recording} is shorter than {PatchSequence.SecondsPerPatch} s, so what is said of it means nothing.")
        : null;
}
