namespace StemJepa;

/// <summary>Identifies the model of a catalogue's embeddings.</summary>
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
                $"{place} holds embeddings of the model {this}, and this is {used}: use that model, or index the recordings again into "
                + "another catalogue.",
                StemJepaErrorKind.ModelMismatch);
        }
    }

    /// <summary>Refuses an embedding of another model than the one that made the catalogue in <paramref name="place"/>.</summary>
    /// <param name="embedding">An embedding; one of unknown model passes if its length is right.</param>
    /// <param name="subject">How the error names it, such as "The prediction".</param>
    /// <param name="place">The catalogue.</param>
    /// <exception cref="StemJepaException">It is of another model.</exception>
    internal void Require(StemEmbedding embedding, string subject, string place)
    {
        if (embedding.Vector.Length != Length)
        {
            throw new StemJepaException(
                $"{subject} has {embedding.Vector.Length} values, and {place} holds embeddings of the model {this}: use that model.",
                StemJepaErrorKind.ModelMismatch);
        }
        if (embedding.ModelHash is { } hash && hash != Hash)
        {
            throw new StemJepaException(
                $"{subject} is of the model {hash[..Math.Min(ShownDigits, hash.Length)]}..., and {place} holds embeddings of the model "
                + $"{this}: use that model.",
                StemJepaErrorKind.ModelMismatch);
        }
    }

    public override string ToString() => $"{Name} ({Hash[..ShownDigits]}..., {Length} values)";
}
