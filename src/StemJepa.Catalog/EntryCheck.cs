using System.Text;

namespace StemJepa;

/// <summary>What an entry may be.</summary>
internal static class EntryCheck
{
    private const int MaximumTextBytes = 1 << 16, HashDigits = 64;
    internal static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

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
        RequireTempo(entry.Id, "", entry.Tempo);
        RequireTempo(entry.Id, "named ", entry.Named?.Tempo);
        if (entry.Detected is { } detected)
            RequireDetected(entry.Id, detected);
        if (entry.ContentHash is { } hash && !(hash.Length == HashDigits && hash.All(char.IsAsciiHexDigit)))
            throw new ArgumentException(
                $"The content hash of '{entry.Id}' is '{hash}': give a SHA-256 as {HashDigits} hexadecimal digits.");
    }

    private static void RequireDetected(string id, DetectedMetadata detected)
    {
        RequireTempo(id, "detected ", detected.Tempo);
        double?[] confidences = [detected.StemConfidence, detected.KeyConfidence, detected.TempoConfidence, detected.InstrumentConfidence,
            detected.DownbeatConfidence];
        if (Array.Find(confidences, confidence => confidence is not (null or (>= 0 and <= 1))) is { } wrong)
            throw new ArgumentException($"A confidence of '{id}' is {wrong}: give 0 to 1, or null.");
        if (detected.Downbeat is { } downbeat && !(double.IsFinite(downbeat) && downbeat >= 0))
            throw new ArgumentException($"The downbeat of '{id}' is {downbeat} s: give 0 or more, or null.");
        if (detected.Loudness is { } loudness && !double.IsFinite(loudness))
            throw new ArgumentException($"The loudness of '{id}' is {loudness} LUFS: give a finite number, or null.");
        if (detected.Instrument is { } instrument)
        {
            RequireText(instrument, "instrument");
            if (instrument.Contains('\0'))
                throw new ArgumentException($"The instrument of '{id}' has a zero character: give words.");
        }
    }

    private static void RequireTempo(string id, string kind, double? tempo)
    {
        if (tempo is { } bpm && !(double.IsFinite(bpm) && bpm > 0))
            throw new ArgumentException($"The {kind}tempo of '{id}' is {bpm} beats per minute: give more than 0, or null.", "entry");
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
