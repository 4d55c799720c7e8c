using System.Text.Json.Serialization;

namespace StemJepa.Benchmarks.VectorSets;

/// <summary>One vector set, searched in one way.</summary>
/// <param name="Server">What the server says it is.</param>
/// <param name="Data">Synthetic embeddings, as long as the shipped model's: <c>clusters</c>, or <c>noise</c>, in which everything is far from everything.</param>
/// <param name="Recordings">In the set.</param>
/// <param name="Links"><see cref="VectorSetOptions.Links"/>.</param>
/// <param name="Effort"><see cref="VectorSetSearch.Effort"/>; null: the exact search.</param>
/// <param name="RecallAt10">The share of the true best ten that were among the ten found.</param>
internal sealed record VectorSetRow(
    string Server,
    string Data,
    int Recordings,
    int Links,
    int? Effort,
    [property: JsonPropertyName("recall@10")] double RecallAt10,
    string Date,
    string Machine,
    string Commit);
