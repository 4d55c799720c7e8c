namespace StemJepa;

/// <summary>
/// A server that holds a shard of a catalogue cannot be reached, or does not answer in time. What was being written may or may not have
/// been kept: write it again, which changes nothing where it was.
/// </summary>
public sealed class CatalogUnavailableException : StemJepaException
{
    /// <summary>Creates the error with its one-sentence message, the shards in question and what caused it.</summary>
    internal CatalogUnavailableException(string message, IReadOnlyList<MissingShard> shards, Exception inner) : base(message, inner) =>
        Shards = shards;

    /// <summary>The shards that could not be asked; empty where the catalogue could not be opened at all.</summary>
    public IReadOnlyList<MissingShard> Shards { get; }
}
