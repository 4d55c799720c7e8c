namespace StemJepa.Training.Corpora;

/// <summary>A soundfont in the manifest.</summary>
public sealed record SoundFontRecord(string Name, string Package, string Path, string Licence, string Sha256);
