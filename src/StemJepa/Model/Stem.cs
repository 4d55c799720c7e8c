using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StemJepa;

/// <summary>
/// What a recording plays in a mix: one of the four <see cref="Roles"/>, which every model knows, or another stem that some models know
/// (<see cref="ModelInfo.Stems"/>), such as <c>guitar</c>. Stems of the same name are equal. Immutable; the default value is
/// <see cref="Bass"/>.
/// </summary>
[JsonConverter(typeof(StemJsonConverter))]
public readonly struct Stem : IEquatable<Stem>, IComparable<Stem>, IParsable<Stem>
{
    private const string DefaultName = "bass";
    private const int LongestName = 32;

    private static readonly SearchValues<char> Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private readonly string? _name;

    private Stem(string name) => _name = name;

    /// <summary>Bass line.</summary>
    public static Stem Bass { get; } = new(DefaultName);

    /// <summary>Drums and percussion.</summary>
    public static Stem Drums { get; } = new("drums");

    /// <summary>Everything else: guitars, keys, strings, pads.</summary>
    public static Stem Other { get; } = new("other");

    /// <summary>Vocals, or the lead melody in instrumental corpora.</summary>
    public static Stem Vocals { get; } = new("vocals");

    /// <summary>The four roles that every model knows, in the order of the model's labels: bass, drums, other, vocals.</summary>
    public static IReadOnlyList<Stem> Roles { get; } = [Bass, Drums, Other, Vocals];

    /// <summary>The name in every text: 1 to 32 letters a-z, digits and hyphens, the first no hyphen.</summary>
    public string Name => _name ?? DefaultName;

    /// <summary>What names consist of, for errors.</summary>
    internal static string NameRule { get; } = $"1 to {LongestName} letters a-z, digits and hyphens, such as guitar";

    /// <summary>Whether it is one of <see cref="Roles"/>.</summary>
    internal bool IsRole => IndexOfRole >= 0;

    /// <summary>Position in <see cref="Roles"/>, for tables by role; that of <see cref="Other"/> for every stem beyond the roles.</summary>
    internal int Role => IndexOfRole is >= 0 and var role ? role : Other.IndexOfRole;

    private int IndexOfRole
    {
        get
        {
            for (int i = 0; i < Roles.Count; i++)
            {
                if (Equals(Roles[i]))
                    return i;
            }
            return -1;
        }
    }

    /// <summary>Reads a stem's name; capital letters count as small ones.</summary>
    /// <returns>Whether it is a name of <see cref="Name"/>'s form; whether a model knows the stem is another question.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out Stem stem)
    {
        stem = default;
        if (text is not { Length: > 0 and <= LongestName } || !Ascii.IsValid(text) || text[0] == '-')
            return false;
        string name = text.ToLowerInvariant();
        if (name.AsSpan().ContainsAnyExcept(Characters))
            return false;
        stem = new Stem(name);
        return true;
    }

    /// <inheritdoc cref="TryParse(string?, out Stem)"/>
    /// <param name="s">The text.</param>
    /// <param name="provider">Ignored: names of stems are the same in every culture.</param>
    /// <param name="result">The stem.</param>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Stem result) => TryParse(s, out result);

    /// <summary>Reads a stem's name; capital letters count as small ones.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">Ignored: names of stems are the same in every culture.</param>
    /// <exception cref="FormatException">The text is no name of a stem.</exception>
    public static Stem Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return TryParse(s, out Stem stem) ? stem
            : throw new FormatException($"'{PlainText.Escape(s)}' is no name of a stem; use {NameRule}.");
    }

    /// <inheritdoc/>
    public bool Equals(Stem other) => Name == other.Name;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Stem other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>Orders stems: the roles first, in the order of <see cref="Roles"/>, then the others by name.</summary>
    public int CompareTo(Stem other)
    {
        int byRole = ((uint)IndexOfRole).CompareTo((uint)other.IndexOfRole);
        return byRole != 0 ? byRole : string.CompareOrdinal(Name, other.Name);
    }

    /// <summary>Whether two stems have the same name.</summary>
    public static bool operator ==(Stem left, Stem right) => left.Equals(right);

    /// <summary>Whether two stems have different names.</summary>
    public static bool operator !=(Stem left, Stem right) => !left.Equals(right);

    /// <summary><see cref="Name"/>.</summary>
    public override string ToString() => Name;
}

/// <summary>A stem as JSON: its name, as a value and as a property. Every <see cref="Stem"/> is read and written so. Thread-safe.</summary>
public sealed class StemJsonConverter : JsonConverter<Stem>
{
    /// <inheritdoc/>
    public override Stem Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Stem.TryParse(reader.GetString(), out Stem stem) ? stem : throw NoStem();

    /// <inheritdoc/>
    public override Stem ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Stem.TryParse(reader.GetString(), out Stem stem) ? stem : throw NoStem();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Stem value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name);

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, Stem value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.Name);

    private static JsonException NoStem() => new($"A stem is a text of {Stem.NameRule}.");
}
