using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace StemJepa;

/// <summary>
/// For each stem, the combinations of <see cref="AlignmentFeatures"/> in which a mix without it and the stem itself correlate most, found
/// in a corpus by the command <c>canonical</c> of StemJepa.Training. They belong to the library and not to a model. Immutable and
/// thread-safe.
/// </summary>
internal sealed record CanonicalDirections
{
    /// <summary>Combinations of each stem.</summary>
    internal const int Count = 16;

    /// <summary>Where the shipped ones are in the sources.</summary>
    internal const string FileName = "canonical.json";

    private static readonly DescriptionFormat<CanonicalDirections> Description =
        new(CanonicalJson.Default.CanonicalDirections, "a description of canonical directions",
        "write it again with the command canonical of StemJepa.Training");

    private static readonly Lazy<CanonicalDirections> Embedded = new(ReadEmbedded);

    /// <summary>Names of the corpora that they were computed from.</summary>
    public required IReadOnlyList<string> Corpora { get; init; }

    /// <summary>Number of songs in the corpora.</summary>
    public required int Songs { get; init; }

    /// <summary>UTC day on which they were found, ISO 8601.</summary>
    public required string Date { get; init; }

    /// <summary>Commit of the code that found them.</summary>
    public required string Commit { get; init; }

    /// <summary>By the stem's name.</summary>
    public required IReadOnlyDictionary<string, StoredPair> Stems { get; init; }

    /// <summary>The library's own.</summary>
    internal static CanonicalDirections Shipped => Embedded.Value;

    /// <summary>Returns the directions of a stem and of mixes without it; those of other for stems beyond the roles.</summary>
    internal Pair For(Stem stem) => new(Stems[Stem.Roles[stem.Role].Name]);

    /// <summary>Writes them, whole or not at all.</summary>
    internal void Save(string path) => Description.Write(path, this);

    private static CanonicalDirections ReadEmbedded()
    {
        string source = AssemblyFile.NameOf<CanonicalDirections>(FileName);
        byte[] json = AssemblyFile.TryRead<CanonicalDirections>($"Alignment/{FileName}")
            ?? throw new StemJepaException(
            $"{source} is missing from this build: write it with the command canonical of StemJepa.Training, and build again.");
        return Description.Parse(json, source);
    }

    /// <summary>Directions as they are kept: weights as little-endian 32-bit numbers, [features, <see cref="Count"/>].</summary>
    /// <param name="Mix">Of the mix.</param>
    /// <param name="Candidate">Of the stem.</param>
    /// <param name="Correlations">How much the variables of both correlate in the corpus, descending.</param>
    internal sealed record StoredPair(byte[] Mix, byte[] Candidate, IReadOnlyList<double> Correlations)
    {
        /// <summary>Keeps weights.</summary>
        internal static StoredPair From(float[] mix, float[] candidate, IReadOnlyList<double> correlations) =>
            new(MemoryMarshal.AsBytes<float>(mix).ToArray(), MemoryMarshal.AsBytes<float>(candidate).ToArray(), correlations);
    }

    /// <summary>
    /// Directions of one stem, which weight each feature, so that a sum over all directions of the product of both sides measures how
    /// likely it is that they belong together.
    /// </summary>
    internal readonly ref struct Pair(StoredPair stored)
    {
        /// <summary>[features, <see cref="Count"/>].</summary>
        internal ReadOnlySpan<float> Mix { get; } = MemoryMarshal.Cast<byte, float>(stored.Mix);

        /// <inheritdoc cref="Mix"/>
        internal ReadOnlySpan<float> Candidate { get; } = MemoryMarshal.Cast<byte, float>(stored.Candidate);
    }
}

/// <summary>Compiled JSON of <c>canonical.json</c>, so that trimmed and native programs can read it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(CanonicalDirections))]
internal sealed partial class CanonicalJson : JsonSerializerContext;
