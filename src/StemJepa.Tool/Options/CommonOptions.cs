using System.CommandLine;
using System.CommandLine.Parsing;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Options;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    /// <summary>The stems that may be named, as sentences list them.</summary>
    public static string KnownStems { get; } = $"{string.Join(", ", StemJepa.Stem.Roles)}, or another that the model knows";

    public static Option<bool> Json() => new("--json")
    {
        Description = "Print exactly one JSON document on standard output.",
    };

    public static Option<Stem> Stem() => new("--stem")
    {
        Description = $"The stem that the mix lacks: {KnownStems} (vocals is the lead melody in instrumental music).",
        HelpName = "STEM",
        Required = true,
        CustomParser = ParseStem,
    };

    /// <summary>The stem that recordings are; null where it is left open.</summary>
    public static Option<Stem?> KnownStem() => new("--stem")
    {
        Description = $"What all of the recordings are: {KnownStems}; "
            + "without it, guessed from the names of the files.",
        HelpName = "STEM",
        CustomParser = result => ParseStem(result),
    };

    public static Option<string> Catalog() => new("--in")
    {
        Description = "The catalogue that 'stemjepa index' made: a folder, or redis://HOST:PORT/NAME.",
        HelpName = "CATALOGUE",
        Required = true,
    };

    /// <summary>The catalogue of a server, which has a usual one.</summary>
    public static Option<string?> OwnCatalog() => new("--in")
    {
        Description = "The catalogue to search and to index into: a folder, or redis://HOST:PORT/NAME; "
            + "without it one of your own user, made if it is missing.",
        HelpName = "CATALOGUE",
    };

    public static Option<int?> Top(string description)
    {
        var top = new Option<int?>("--top") { Description = description, HelpName = "N" };
        top.Refuse(value => value < 1 ? $"--top {value} shows nothing; use 1 or more" : null);
        return top;
    }

    /// <summary>Refuses values of an option with the sentence that <paramref name="describe"/> gives for them.</summary>
    /// <param name="option">The option; text that is not of its type is left to the parser, which refuses it.</param>
    /// <param name="describe">Gives null for values that can be used.</param>
    public static void Refuse<T>(this Option<T> option, Func<T?, string?> describe) => option.Validators.Add(result =>
    {
        T? value;
        try
        {
            value = result.GetValueOrDefault<T>();
        }
        catch (InvalidOperationException)
        {
            return;
        }
        if (describe(value) is { } sentence)
            result.AddError(sentence);
    });

    public static Argument<string> Mix() => new("MIX")
    {
        Description = "The mix without that stem: a recording.",
    };

    private static Stem ParseStem(ArgumentResult result)
    {
        string name = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (!StemJepa.Stem.TryParse(name, out Stem stem))
            result.AddError($"--stem '{name}' is no name of a stem; use one of {KnownStems}");
        return stem;
    }
}
