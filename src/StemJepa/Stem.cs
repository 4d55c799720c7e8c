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
