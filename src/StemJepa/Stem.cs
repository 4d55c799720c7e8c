using System.Diagnostics.CodeAnalysis;

namespace StemJepa;

/// <summary>The four roles that a recording can play in a mix. The numbers are the model's own and are fixed.</summary>
public enum Stem
{
    /// <summary>Bass line.</summary>
    Bass = 0,
    /// <summary>Drums and percussion.</summary>
    Drums = 1,
    /// <summary>Everything else: guitars, keys, strings, pads.</summary>
    Other = 2,
    /// <summary>Vocals, or the lead melody in instrumental corpora.</summary>
    Vocals = 3,
}

/// <summary>The names of the stems in every text: <c>bass</c>, <c>drums</c>, <c>other</c>, <c>vocals</c>.</summary>
internal static class StemName
{
    /// <summary>All of them, as sentences list them.</summary>
    public static readonly string All = string.Join(", ", ModelInfo.StemNames);

    [return: NotNullIfNotNull(nameof(stem))]
    public static string? For(Stem? stem) => stem is { } known ? ModelInfo.StemNames[(int)known] : null;

    /// <summary>The stem of this name, in capitals or not; null if there is none.</summary>
    public static Stem? Find(string name)
    {
        for (int i = 0; i < ModelInfo.StemNames.Count; i++)
        {
            if (ModelInfo.StemNames[i].Equals(name, StringComparison.OrdinalIgnoreCase))
                return (Stem)i;
        }
        return null;
    }
}
