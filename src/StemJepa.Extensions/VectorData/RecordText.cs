namespace StemJepa.Extensions;

/// <summary>
/// Stems and keys as records write them. Only the one spelling that is written is read, so that every store finds what another would.
/// </summary>
internal static class RecordText
{
    /// <exception cref="ArgumentException">It is no stem's name; <paramref name="subject"/> begins the message.</exception>
    internal static Stem ParseStem(string text, string subject)
    {
        if (!Stem.TryParse(text, out Stem stem))
            throw new ArgumentException($"{subject} is '{text}': give a stem's name, such as {string.Join(", ", Stem.Roles)} or guitar.");
        return stem.Name == text ? stem : throw new ArgumentException($"{subject} is '{text}': write '{stem}'.");
    }

    /// <exception cref="ArgumentException">
    /// It is no key, or another spelling of one; <paramref name="subject"/> begins the message.
    /// </exception>
    internal static MusicalKey ParseKey(string text, string subject)
    {
        if (!MusicalKey.TryParse(text, out MusicalKey key))
            throw new ArgumentException($"{subject} is '{text}': give a key such as 'A minor' or 'Bb major'.");
        return key.ToString() == text ? key : throw new ArgumentException($"{subject} is '{text}': write '{key}'.");
    }
}
