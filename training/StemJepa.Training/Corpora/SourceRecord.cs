namespace StemJepa.Training.Corpora;

/// <summary>Where a song's MIDI file comes from: a Debian package's file, or an entry (lump) of it, with its licence and hash.</summary>
public sealed record SourceRecord(string Package, string Version, string Path, string? Lump, string Licence, string Sha256);
