using System.Globalization;
using System.Text;

namespace StemJepa;

/// <summary>
/// Text from elsewhere, such as file names, made safe to print: it cannot move the cursor, colour, or reorder what is shown.
/// </summary>
internal static class PlainText
{
    /// <summary>Control characters, line and paragraph separators and marks of direction as <c>\u001B</c>; all else stays.</summary>
    public static string Escape(string text)
    {
        if (!text.Any(IsUnsafe))
            return text;
        var escaped = new StringBuilder(text.Length + 8);
        foreach (char character in text)
            _ = IsUnsafe(character) ? escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}") : escaped.Append(character);
        return escaped.ToString();
    }

    private static bool IsUnsafe(char character) => char.IsControl(character)
        || character is '\u2028' or '\u2029' or '\u200E' or '\u200F' or '\u061C' or (>= '\u202A' and <= '\u202E')
            or (>= '\u2066' and <= '\u2069');
}
