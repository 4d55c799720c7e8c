namespace StemJepa.Training.Corpora;

/// <summary>A voice of a Debian package that festival sings with. Immutable.</summary>
/// <param name="Name">Festival's name of it.</param>
/// <param name="Package">The Debian package.</param>
/// <param name="Licence">Its licence, from the package's copyright file. None of them restricts what is done with sound that is made with
/// it.</param>
/// <param name="Language">The language.</param>
/// <param name="Centre">The MIDI pitch in the middle of its comfortable range.</param>
internal sealed record SungVoice(string Name, string Package, string Licence, SungLanguage Language, int Centre)
{
    /// <summary>How far below <see cref="Centre"/> a voice sings, in semitones.</summary>
    public const int Below = 11;

    /// <summary>How far above <see cref="Centre"/> a voice sings, in semitones.</summary>
    public const int Above = 10;

    private const string Folder = "/usr/share/festival/voices";
    private const int Male = 53, Female = 60;

    /// <summary>The voices.</summary>
    public static IReadOnlyList<SungVoice> All { get; } =
    [
        new("kal_diphone", "festvox-kallpc16k", "MIT-Festival", SungLanguage.English, Male),
        new("ked_diphone", "festvox-kdlpc16k", "MIT-Festival", SungLanguage.English, Male),
        new("lp_diphone", "festvox-italp16k", "GPL-2.0-or-later", SungLanguage.Italian, Female),
        new("pc_diphone", "festvox-itapc16k", "GPL-2.0-or-later", SungLanguage.Italian, Male),
        new("suo_fi_lj_diphone", "festvox-suopuhe-lj", "LGPL-2.0-or-later", SungLanguage.Finnish, Female),
        new("hy_fi_mv_diphone", "festvox-suopuhe-mv", "LGPL-2.0-or-later", SungLanguage.Finnish, Male),
    ];

    /// <summary>Whether its package is installed.</summary>
    public bool IsInstalled => Directory.Exists(Path.Combine(Folder, Language.Name.ToLowerInvariant(), Name));
}
