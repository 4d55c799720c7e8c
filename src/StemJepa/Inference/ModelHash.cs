using System.Security.Cryptography;

namespace StemJepa;

/// <summary>The SHA-256 of a model's files.</summary>
internal static class ModelHash
{
    /// <summary>Compares the content of a file with what a description says; <paramref name="source"/> and <paramref name="description"/> name them in the error.</summary>
    /// <exception cref="StemJepaException">They differ.</exception>
    internal static void Check(ReadOnlySpan<byte> content, string expected, string source, string description = ModelInfo.FileName)
    {
        string actual = Convert.ToHexStringLower(SHA256.HashData(content));
        if (actual != expected)
        {
            throw new StemJepaException(
                $"{source} is damaged or altered ({content.Length} bytes with SHA-256 {actual[..12]}..., {description} says {expected[..12]}...): copy the model folder again.");
        }
    }
}
