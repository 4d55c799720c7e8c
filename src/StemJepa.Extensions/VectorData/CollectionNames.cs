using System.Text;

namespace StemJepa.Extensions;

/// <summary>
/// Which names a collection may have: those that are a folder's name on every system, so that no name leads out of the store.
/// </summary>
internal static class CollectionNames
{
    private const int MaximumBytes = 200;
    private const string Forbidden = "\"<>|:*?/\\";
    private static readonly string[] Devices =
        ["CON", "PRN", "AUX", "NUL", .. Enumerable.Range(0, 10).SelectMany(i => new[] { $"COM{i}", $"LPT{i}" })];

    internal static bool IsValid(string name) => name.Length > 0
        && !name.Any(character => char.IsControl(character) || char.IsSurrogate(character) || Forbidden.Contains(character))
        && name[0] != ' ' && name[^1] is not (' ' or '.') && name[0] != '.'
        && Encoding.UTF8.GetByteCount(name) <= MaximumBytes
        && !Devices.Contains(name.Split('.')[0], StringComparer.OrdinalIgnoreCase);

    /// <exception cref="ArgumentException">The name is no folder's on some system.</exception>
    internal static string Check(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return IsValid(name)
            ? name
            : throw new ArgumentException(
                $"A collection is a folder, and '{name}' cannot be its name everywhere: give up to {MaximumBytes} bytes of letters, "
                + "digits, spaces, - and _, without a dot at either end.", nameof(name));
    }
}
