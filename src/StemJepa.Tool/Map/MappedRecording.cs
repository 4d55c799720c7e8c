using StemJepa.Tool.Indexing;

namespace StemJepa.Tool.Map;

/// <summary>A recording before it has its place on a map.</summary>
/// <param name="File">The recording's path.</param>
/// <param name="Embedding">Its embedding.</param>
/// <param name="Hints">Stem, tempo and key: what its name says, and what the model hears where the name says nothing.</param>
/// <param name="Sound">A moment of it as WAV; null for a map without sound.</param>
internal sealed record MappedRecording(string File, StemEmbedding Embedding, NameHints Hints, byte[]? Sound);
