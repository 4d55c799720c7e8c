namespace StemJepa.Tool.Audio;

/// <summary>What came of one file.</summary>
/// <param name="Path">The file, as given.</param>
/// <param name="Embedding">Its embedding, or for a mix the embedding that its missing stem should have.</param>
internal sealed record EmbeddedRecording(string Path, StemEmbedding Embedding);
