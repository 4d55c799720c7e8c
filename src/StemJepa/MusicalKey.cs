using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace StemJepa;

/// <summary>A major or minor key, such as <c>A minor</c>. Enharmonic spellings are the same key. Immutable.</summary>
public readonly record struct MusicalKey : IParsable<MusicalKey>
{
    /// <summary>How many keys there are: 12 tonics, major and minor.</summary>
    internal const int Count = 2 * Tonics;

    private const int Tonics = 12;
    private const int Fifth = 7;
    private const int RelativeMinor = 9;

    private static readonly string[] TonicNames = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];

    /// <summary>Creates a key.</summary>
    /// <param name="tonic">Semitones above C, 0..11.</param>
    /// <param name="isMinor">Minor, or major.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tonic is not 0..11.</exception>
    public MusicalKey(int tonic, bool isMinor)
    {
        if (tonic is < 0 or >= Tonics)
            throw new ArgumentOutOfRangeException(nameof(tonic), tonic, "The tonic is 0 (C) to 11 (B).");
        Number = tonic + (isMinor ? Tonics : 0);
    }

    /// <summary>Semitones of the tonic above C, 0..11.</summary>
    public int Tonic => Number % Tonics;

    /// <summary>Minor, or major.</summary>
    public bool IsMinor => Number >= Tonics;

    /// <summary>The key as one number: the tonic, and 12 more for minor.</summary>
    internal int Number { get; private init; }

    internal static MusicalKey FromNumber(int number) => new(number % Tonics, number >= Tonics);

    /// <summary>
    /// The keys that mix well with this one, itself first: its relative, and both neighbours on the circle of fifths (what disc jockeys
    /// call harmonic mixing).
    /// </summary>
    public IReadOnlyList<MusicalKey> Compatible() =>
    [
        this,
        new MusicalKey((Tonic + (IsMinor ? Tonics - RelativeMinor : RelativeMinor)) % Tonics, !IsMinor),
        new MusicalKey((Tonic + Fifth) % Tonics, IsMinor),
        new MusicalKey((Tonic + Tonics - Fifth) % Tonics, IsMinor),
    ];

    /// <summary>
    /// Reads <c>A minor</c>, <c>Am</c>, <c>Bb maj</c>, <c>f#:min</c> or <c>C</c>; <c>#</c> and <c>b</c> stand for sharp and flat.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MusicalKey key)
    {
        key = default;
        string name = text?.Trim() ?? "";
        if (name.Length == 0)
            return false;
        int tonic =
            char.ToUpperInvariant(name[0]) switch { 'C' => 0, 'D' => 2, 'E' => 4, 'F' => 5, 'G' => 7, 'A' => 9, 'B' => 11, _ => -1 };
        if (tonic < 0)
            return false;
        string mode = name[1..];
        if (mode.Length > 0 && mode[0] is '#' or '♯' or 'b' or '♭')
        {
            tonic = (tonic + (mode[0] is '#' or '♯' ? 1 : Tonics - 1)) % Tonics;
            mode = mode[1..];
        }
        bool? isMinor = mode.TrimStart(' ', ':') switch
        {
            "" or "M" => false,
            "m" => true,
            string word when word.Equals("maj", StringComparison.OrdinalIgnoreCase)
                || word.Equals("major", StringComparison.OrdinalIgnoreCase) => false,
            string word when word.Equals("min", StringComparison.OrdinalIgnoreCase)
                || word.Equals("minor", StringComparison.OrdinalIgnoreCase) => true,
            _ => null,
        };
        if (isMinor is not { } minor)
            return false;
        key = new MusicalKey(tonic, minor);
        return true;
    }

    /// <inheritdoc cref="TryParse(string?, out MusicalKey)"/>
    /// <param name="s">The text.</param>
    /// <param name="provider">Ignored: names of keys are the same in every culture.</param>
    /// <param name="result">The key.</param>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out MusicalKey result) => TryParse(s, out result);

    /// <inheritdoc cref="TryParse(string?, out MusicalKey)"/>
    /// <param name="s">The text.</param>
    /// <param name="provider">Ignored: names of keys are the same in every culture.</param>
    /// <exception cref="FormatException">The text is no key.</exception>
    public static MusicalKey Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return TryParse(s, out MusicalKey key) ? key
            : throw new FormatException($"'{s}' is no key; use one such as 'A minor', 'F#m' or 'Bb'.");
    }

    /// <summary>The key's name, such as <c>A minor</c> or <c>Bb major</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{TonicNames[Tonic]} {(IsMinor ? "minor" : "major")}");
}
