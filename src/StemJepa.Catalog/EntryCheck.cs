using System.Text;

namespace StemJepa;

/// <summary>What an entry may be.</summary>
internal static class EntryCheck
{
    private const int MaximumTextBytes = 1 << 16, HashDigits = 64;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Refuses an entry that no catalogue takes.</summary>
    /// <exception cref="ArgumentException">A member is out of its range.</exception>
    internal static void Require(CatalogEntry entry)
    {
        RequireId(entry.Id);
        if (entry.Path is not null)
            RequireText(entry.Path, "path");
        if (entry.Tags.Any(tag => tag is not { Length: > 0 } || tag.Contains('\0')))
            throw new ArgumentException($"A tag of '{entry.Id}' is empty or has a zero character: give words.", nameof(entry));
        RequireText(string.Concat(entry.Tags.Select(tag => tag + '\0')), "tags");
        if (entry.Seconds is { } seconds && !(double.IsFinite(seconds) && seconds >= 0))
            throw new ArgumentException($"The length of '{entry.Id}' is {seconds} s: give 0 or more, or null.", nameof(entry));
        if (entry.Tempo is { } tempo && !(double.IsFinite(tempo) && tempo > 0))
            throw new ArgumentException($"The tempo of '{entry.Id}' is {tempo} beats per minute: give more than 0, or null.",
                nameof(entry));
        if (entry.Stem is { } stem && !Enum.IsDefined(stem))
            throw new ArgumentException(
                $"The stem of '{entry.Id}' is {stem}: give one of {string.Join(", ", ModelInfo.StemNames)}, or null.", nameof(entry));
        if (entry.ContentHash is { } hash && !(hash.Length == HashDigits && hash.All(char.IsAsciiHexDigit)))
            throw new ArgumentException(
                $"The content hash of '{entry.Id}' is '{hash}': give a SHA-256 as {HashDigits} hexadecimal digits.");
    }

    /// <summary>Refuses what is no id.</summary>
    /// <exception cref="ArgumentException">It is empty, too long or not valid Unicode.</exception>
    internal static void RequireId(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        RequireText(id, "id");
    }

    private static void RequireText(string text, string what)
    {
        int bytes;
        try
        {
            bytes = Utf8.GetByteCount(text);
        }
        catch (EncoderFallbackException error)
        {
            throw new ArgumentException(
                $"The {what} '{text}' is not valid Unicode at character {error.Index}: give text without lone surrogates.", error);
        }
        if (bytes > MaximumTextBytes)
            throw new ArgumentException($"The {what} '{text[..40]}...' takes {bytes} bytes: give at most {MaximumTextBytes}.");
    }
}
