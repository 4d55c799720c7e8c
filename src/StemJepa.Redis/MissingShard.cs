namespace StemJepa;

/// <summary>A shard of a catalogue that could not be asked.</summary>
/// <param name="Number">Its number, from 0.</param>
/// <param name="Endpoint">The server that should hold it, such as <c>10.0.0.3:6379</c>; several where it is not known which.</param>
public sealed record MissingShard(int Number, string Endpoint);
