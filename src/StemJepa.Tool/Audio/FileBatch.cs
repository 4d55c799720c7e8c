using StemJepa.Tool.Output;

namespace StemJepa.Tool.Audio;

/// <summary>What came of several files, in the order given.</summary>
internal sealed record FileBatch(IReadOnlyList<EmbeddedRecording> Embedded, IReadOnlyList<SkippedFile> Skipped);
