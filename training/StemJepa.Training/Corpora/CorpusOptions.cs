namespace StemJepa.Training.Corpora;

/// <summary>What <c>corpus</c> is asked for.</summary>
/// <param name="Folder">The corpus folder; made if it is not there.</param>
/// <param name="Variants">Rounds of variants of the real training songs, 0..99.</param>
/// <param name="Composed">Composed training songs, 0..99999.</param>
/// <param name="ComposedOnly">Whether the real songs are left out.</param>
/// <param name="Nearby">Whether every training song has a variant that differs from it in key or tempo alone.</param>
/// <param name="Jobs">Songs that are rendered at once, at least 1.</param>
/// <param name="Seed">Seed of the variants and of the composed songs.</param>
/// <param name="Songs">Only these songs; empty: all.</param>
/// <param name="TestSet">The test set to build, or null for a corpus to train on.</param>
/// <param name="Manifest">Where the manifest is written, or null.</param>
public sealed record CorpusOptions(string Folder, int Variants, int Composed, bool ComposedOnly, bool Nearby, int Jobs, int Seed,
    IReadOnlyList<string> Songs, string? TestSet, string? Manifest)
{
    /// <summary>
    /// Folder of the soundfonts of real samples, or null: variants and composed songs are played by one General MIDI soundfont each.
    /// </summary>
    public string? SoundFonts { get; init; }

    /// <summary>Zip file of the Groove MIDI Dataset, whose drummers play in composed songs, or null.</summary>
    public string? GrooveMidi { get; init; }

    /// <summary>Whether songs of further packages are added: tracker modules, LMMS projects, more MIDI.</summary>
    public bool MoreSongs { get; init; }

    /// <summary>Where the manifest of those songs is written, or null.</summary>
    public string? MoreManifest { get; init; }
}
