namespace StemJepa.Training.Corpora;

/// <summary>
/// The families of General MIDI's instruments that can be stems of their own. They refine the roles other and vocals (an instrument's
/// lead); drums and bass stay roles. Thread-safe.
/// </summary>
internal static class InstrumentFamilies
{
    /// <summary>The first program (0..127) of each run of programs of one family; null: effects, and basses outside their role.</summary>
    private static readonly (int First, string? Family)[] Runs =
    [
        (0, "keys"), (8, "mallets"), (16, "organ"), (24, "guitar"), (32, null), (40, "strings"), (47, "percussion"), (48, "strings"),
        (52, "choir"), (55, null), (56, "brass"), (64, "reeds"), (72, "pipes"), (80, "synth-lead"), (88, "synth-pad"),
        (104, "guitar"), (108, "mallets"), (109, "reeds"), (110, "strings"), (111, "reeds"), (112, "mallets"), (113, "percussion"),
        (114, "mallets"), (115, "percussion"), (119, null),
    ];

    /// <summary>All families, as stems are named.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Runs.Select(run => run.Family).OfType<string>().Distinct()];

    /// <summary>Returns the family of a General MIDI program, 0..127; null for programs without one.</summary>
    public static string? Of(int program) => Runs.Last(run => run.First <= program).Family;
}
