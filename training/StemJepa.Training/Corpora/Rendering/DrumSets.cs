namespace StemJepa.Training.Corpora;

/// <summary>The drum sets that soundfonts have. Thread-safe.</summary>
public static class DrumSets
{
    /// <summary>Each soundfont with the programs of its drum sets.</summary>
    /// <exception cref="StemJepaException">A soundfont is not installed or damaged.</exception>
    public static IReadOnlyList<(SoundFont Font, IReadOnlyList<int> Kits)> Of(IEnumerable<SoundFont> fonts) =>
        [.. fonts.Select(f => (f, VariantPlanner.DrumSets(SoundFont.ReadDrumKits(f.Path))))];
}
