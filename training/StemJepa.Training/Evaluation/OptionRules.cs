using System.CommandLine;

namespace StemJepa.Training.Evaluation;

/// <summary>Rules for the values of options.</summary>
internal static class OptionRules
{
    /// <summary>Refuses values for which a rule does not hold, with a sentence that says what would.</summary>
    public static void Require<T>(this Option<T> option, Func<T, bool> holds, string sentence) => option.Validators.Add(result =>
    {
        if (!holds(result.GetValueOrDefault<T>()!))
            result.AddError(sentence);
    });
}
