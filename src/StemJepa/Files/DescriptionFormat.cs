using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace StemJepa;

/// <summary>How one kind of JSON description in a model folder is read, checked and written. Immutable and thread-safe.</summary>
/// <param name="type">Its compiled JSON.</param>
/// <param name="what">How errors call it, such as "a description of heads".</param>
/// <param name="cure">How errors end: what to do about a wrong one.</param>
internal sealed class DescriptionFormat<T>(JsonTypeInfo<T> type, string what, string cure) where T : class
{
    /// <summary>Reads a description, whose rules are not checked yet; <paramref name="source"/> names it in errors.</summary>
    /// <exception cref="StemJepaException">It is no JSON of this kind.</exception>
    internal T Parse(ReadOnlySpan<byte> json, string source)
    {
        T? description;
        try
        {
            description = JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException e)
        {
            string place = e.Path is null or "" or "$" ? "" : $" at {e.Path}";
            throw new StemJepaException($"{source} is not {what}{place}: {cure}.", e);
        }
        return description ?? throw new StemJepaException($"{source} holds null instead of {what}: {cure}.");
    }

    /// <summary>Writes a description, whole or not at all.</summary>
    /// <exception cref="StemJepaException">The file cannot be written.</exception>
    internal void Write(string path, T description) => AtomicFile.Write(path, stream =>
    {
        JsonSerializer.Serialize(stream, description, type);
        stream.WriteByte((byte)'\n');
    });

    /// <summary>A rule that a description obeys.</summary>
    /// <exception cref="StemJepaException">
    /// It is broken; the message says what was <paramref name="found"/> in <paramref name="source"/>.
    /// </exception>
    internal void Require(bool holds, string source, string found)
    {
        if (!holds)
            throw new StemJepaException($"{source} {found}: {cure}.");
    }

    /// <summary>A part that must be there.</summary>
    /// <exception cref="StemJepaException">It is null.</exception>
    internal TPart Present<TPart>(TPart? part, string source, string name) where TPart : class
    {
        Require(part is not null, source, $"has no \"{name}\"");
        return part!;
    }
}
