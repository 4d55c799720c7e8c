namespace StemJepa.Training.Corpora;

/// <summary>A MIDI file that is not in the corpus, and the sentence that says why.</summary>
public sealed record RejectedSource(string Name, string Package, string Path, string? Lump, string Sha256, string Reason);
