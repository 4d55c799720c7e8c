namespace StemJepa.Export;

/// <summary>Whether mixes and recordings go through the same encoder file.</summary>
internal enum EncoderSharing
{
    /// <summary>One file when the two encoders' weights are equal, else two.</summary>
    Automatic,

    /// <summary>Two files, even if their weights are equal.</summary>
    Separate,

    /// <summary>One file: the target encoder serves both.</summary>
    Shared,
}
