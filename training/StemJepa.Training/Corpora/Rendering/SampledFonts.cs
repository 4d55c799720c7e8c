namespace StemJepa.Training.Corpora;

/// <summary>
/// Soundfonts of real samples beside the General MIDI ones: six files that are made from free sample libraries, known by their origin, in
/// a folder that the user
/// names, and Debian's two AVL drum kits. Each has some presets only. Thread-safe.
/// </summary>
internal static class SampledFonts
{
    /// <summary>Debian's package of the AVL drum kits.</summary>
    public const string AvlPackage = "avldrums.lv2-soundfont";

    private const string AvlFolder = "/usr/share/sounds/sf2/";
    private const int DrumBank = 128, GeneralMidiDrums = 128, Kick2 = 35, Kick = 36;

    private static readonly (string Name, string Origin, string Licence)[] Files =
    [
        ("band_cc0", "freepats upright-piano-KW and spanish-classical-guitar; Karoryfer Samples; itsclipping ganjo", "CC0-1.0"),
        ("discord_gm", "sfzinstruments Discord-SFZ-GM-Bank: Alexander Holm (Salamander), Versilian Studios, Greg Sullivan, Jeff " +
            "Learman, Karoryfer Samples, N. B. Raikar", "CC0-1.0 AND CC-BY-3.0"),
        ("keys_winds", "sfzinstruments: Bengt Nilsson, Greg Sullivan, kinwie, MTG (freesound.org), Xavier Hosxe, Karoryfer Samples",
            "CC0-1.0 AND CC-BY-3.0 AND CC-BY-4.0"),
        ("muldjord_drums", "DrumGizmo MuldjordKit: Lars Muldjord, kinwie", "CC-BY-4.0"),
        ("orchestra", "VSCO 2 Community Edition: Versilian Studios; nbrosowsky tonejs-instruments", "CC0-1.0 AND CC-BY-3.0"),
        ("sung_vowels", "Sinsy NIT SONG070 F001: Nagoya Institute of Technology, HTS Working Group", "CC-BY-3.0"),
    ];

    private static readonly SoundFont[] Avl =
    [
        new("Black_Pearl_4_LV2", AvlPackage, AvlFolder + "Black_Pearl_4_LV2.sf2", "CC-BY-SA-3.0"),
        new("Red_Zeppelin_4_LV2", AvlPackage, AvlFolder + "Red_Zeppelin_4_LV2.sf2", "CC-BY-SA-3.0"),
    ];

    /// <summary>
    /// The AVL kits' keys: General MIDI's from 36 to 57 but for toms and cymbals that they have fewer of. Drums that are missing here are
    /// not in the kits.
    /// </summary>
    private static readonly Dictionary<int, int> AvlKeys = new()
    {
        [35] = 36, [36] = 36, [37] = 37, [38] = 38, [39] = 39, [40] = 40, [41] = 41, [42] = 42, [43] = 43, [44] = 44, [45] = 45,
            [46] = 46, [47] = 47, [48] = 45, [49] = 49,
        [50] = 47, [51] = 51, [52] = 57, [53] = 53, [54] = 54, [55] = 55, [56] = 56, [57] = 57, [59] = 59,
    };

    /// <summary>Name of the soundfont with sung vowels.</summary>
    public const string Vowels = "sung_vowels";

    /// <summary>True where the AVL kits are installed.</summary>
    public static bool HasAvl => Avl.All(f => File.Exists(f.Path));

    /// <summary>The soundfonts of a folder, and the AVL kits.</summary>
    /// <exception cref="StemJepaException">One is missing.</exception>
    public static IReadOnlyList<SoundFont> In(string folder)
    {
        SoundFont[] fonts = [.. Files.Select(f => new SoundFont(f.Name, f.Origin, Path.Combine(folder, f.Name + ".sf2"), f.Licence))];
        if (fonts.FirstOrDefault(f => !File.Exists(f.Path)) is { } missing)
            throw new StemJepaException($"--soundfonts {folder}: {Path.GetFileName(missing.Path)} is missing; the folder with " +
                $"{string.Join(", ", Files.Select(f => f.Name + ".sf2"))} is needed.");
        if (!HasAvl)
            throw new StemJepaException($"--soundfonts: uses the drum kits of {AvlPackage} too: apt-get install " +
                $"--no-install-recommends {AvlPackage}");
        return [.. fonts, .. Avl];
    }

    /// <summary>The drum kits of a soundfont, with the keys that they play General MIDI's drums on.</summary>
    public static IReadOnlyList<PartSound> KitsOf(SoundFont font)
    {
        if (Avl.Contains(font)) return [new PartSound(font, 0, 0, [.. Enumerable.Range(0, GeneralMidiDrums)
            .Select(k => AvlKeys.GetValueOrDefault(k, -1))])];
        return [.. SoundFontPresets.Of(font.Path).Where(p => p.Bank == DrumBank)
            .Select(p => new PartSound(font, p.Bank, p.Program, [.. p.HasKey.Select((has, key) => has ? key : key == Kick2
                && p.HasKey[Kick] ? Kick : -1)]))];
    }

    /// <summary>The pitched presets of a soundfont.</summary>
    public static IReadOnlyList<SoundFontPresets.Preset> PitchedOf(SoundFont font) =>
        Avl.Contains(font) ? [] : [.. SoundFontPresets.Of(font.Path).Where(p => p.Bank != DrumBank)];
}
