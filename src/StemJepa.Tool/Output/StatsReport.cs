namespace StemJepa.Tool.Output;

/// <summary>What <c>stemjepa stats --json</c> prints.</summary>
/// <param name="Catalogue">The catalogue, as given; without user and password.</param>
/// <param name="Model">The name of the model whose embeddings it holds.</param>
/// <param name="EmbeddingLength">Values in an embedding.</param>
/// <param name="Precision">How they are kept: <c>single</c> or <c>int8</c>.</param>
/// <param name="Recordings">Recordings in it.</param>
/// <param name="Stems">How many of them are which stem; <c>unknown</c> counts the rest.</param>
/// <param name="Hours">The sum of their lengths.</param>
/// <param name="KnownTempo">Recordings of known tempo.</param>
/// <param name="KnownKey">Recordings of known key.</param>
/// <param name="Silent">Silent recordings; searches leave them out.</param>
/// <param name="Bytes">Bytes that hold recordings: of files, or on servers of values.</param>
/// <param name="Segments">How many such files, or shards on servers, there are.</param>
/// <param name="Dead">Replaced recordings that still take room.</param>
internal sealed record StatsReport(
    string Catalogue,
    string Model,
    int EmbeddingLength,
    string Precision,
    int Recordings,
    IReadOnlyDictionary<string, int> Stems,
    double Hours,
    int KnownTempo,
    int KnownKey,
    int Silent,
    long Bytes,
    int Segments,
    int Dead);
