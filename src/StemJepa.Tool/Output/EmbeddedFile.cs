namespace StemJepa.Tool.Output;

/// <summary>One file of <c>stemjepa embed</c>.</summary>
/// <param name="File">The recording, as given.</param>
/// <param name="Embedding">The <c>.npy</c> file that was written.</param>
/// <param name="Seconds">The recording's length.</param>
/// <param name="Silent">Whether nothing in the recording is audible, so that its embedding says nothing.</param>
internal sealed record EmbeddedFile(string File, string Embedding, double Seconds, bool Silent);
