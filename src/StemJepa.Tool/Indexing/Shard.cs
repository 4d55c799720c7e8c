using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace StemJepa.Tool.Indexing;

/// <summary>
/// A share of a folder's files that depends on nothing but their names, so that many jobs can share the work without talking.
/// </summary>
/// <param name="Number">From 1.</param>
/// <param name="Count">How many shares there are.</param>
internal sealed record Shard(int Number, int Count)
{
    /// <summary>The whole.</summary>
    public static readonly Shard Whole = new(1, 1);

    /// <summary>Reads <c>3/16</c>; null if it is not of this form.</summary>
    public static Shard? Parse(string text)
    {
        string[] parts = text.Split('/');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && number >= 1 && number <= count ? new Shard(number, count) : null;
    }

    /// <summary>Whether a file belongs to it, by its path within the folder.</summary>
    public bool Holds(string relativePath)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(relativePath.Replace('\\', '/')));
        return (int)(BinaryPrimitives.ReadUInt64LittleEndian(hash) % (ulong)Count) == Number - 1;
    }
}
