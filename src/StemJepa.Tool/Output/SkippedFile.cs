namespace StemJepa.Tool.Output;

/// <summary>A file that could not be used, and why.</summary>
internal sealed record SkippedFile(string File, string Error);
