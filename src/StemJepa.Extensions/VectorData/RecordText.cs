namespace StemJepa.Extensions;

/// <summary>
/// Stems and keys as records write them. Only the one spelling that is written is read, so that every store finds what another would.
/// </summary>
internal static class RecordText
{
    /// <summary>The name of a stem; null for none.</summary>
    internal static string? NameOf(Stem? stem) => stem is { } known ? ModelInfo.StemNames[(int)known] : null;

    /// <exception cref="ArgumentException">It is no stem's name; <paramref name="subject"/> begins the message.</exception>
    internal static Stem ParseStem(string text, string subject)
    {
        for (int i = 0; i < ModelInfo.StemNames.Count; i++)
        {
            if (ModelInfo.StemNames[i] == text)
                return (Stem)i;
        }
        throw new ArgumentException($"{subject} is '{text}': give one of {string.Join(", ", ModelInfo.StemNames)}.");
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
