namespace StemJepa;

/// <summary>What tells one model's embeddings from another's.</summary>
/// <param name="Name">The model's name, for messages.</param>
/// <param name="Hash">SHA-256 over the SHA-256 of its networks, 64 lower-case hexadecimal digits.</param>
/// <param name="Length">Values in an embedding.</param>
internal sealed record ModelIdentity(string Name, string Hash, int Length)
{
    private const int ShownDigits = 12;

    internal static ModelIdentity From(ModelInfo model) => new(model.Name, model.Hash, model.EmbeddingLength);

    /// <summary>Refuses another model than the one that made the catalogue in <paramref name="place"/>.</summary>
    /// <exception cref="StemJepaException">It is another one.</exception>
    internal void Require(ModelIdentity used, string place)
    {
        if (Hash != used.Hash || Length != used.Length)
        {
            throw new StemJepaException(
                $"{place} holds embeddings of the model {this}, and this is {used}: use that model, or index the recordings again into another catalogue.");
        }
    }

    public override string ToString() => $"{Name} ({Hash[..ShownDigits]}..., {Length} values)";
}
