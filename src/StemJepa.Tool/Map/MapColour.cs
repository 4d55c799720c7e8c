namespace StemJepa.Tool.Map;

/// <summary>What the points of a map are coloured by.</summary>
internal enum MapColour
{
    /// <summary>The stem that a recording is.</summary>
    Stem,

    /// <summary>Its key.</summary>
    Key,

    /// <summary>Its tempo.</summary>
    Tempo,
}
