namespace StemJepa.Tool.Output;

/// <summary>One candidate of <c>stemjepa rank</c>.</summary>
/// <param name="File">Its path, as given or as found under the folder that was given.</param>
/// <param name="Affinity">Cosine, -1..1.</param>
internal sealed record RankedFile(string File, float Affinity);
