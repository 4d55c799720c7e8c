namespace StemJepa.Tool.Output;

/// <summary>
/// The names of the stems on the command line, in JSON and in tables: <c>bass</c>, <c>drums</c>, <c>other</c>, <c>vocals</c>.
/// </summary>
internal static class StemNames
{
    /// <summary>The names in the order of <see cref="Stem"/>.</summary>
    public static readonly string[] All = [.. Enum.GetValues<Stem>().Select(NameOf)];

    public static string NameOf(Stem stem) => stem.ToString().ToLowerInvariant();
}
