namespace StemJepa.Training.Corpora;

/// <summary>
/// The Debian packages with tracker modules and LMMS projects that people licensed freely; licences are those of the packages' copyright
/// files. Thread-safe.
/// </summary>
internal static class MultitrackCollections
{
    private const string Lmms = "/usr/share/lmms/projects/", Games = "/usr/share/games/";
    private const string Artistic = "Artistic-2.0", ShareAlike3 = "CC-BY-SA-3.0", ShareAlike4 = "CC-BY-SA-4.0", LmmsPackage = "lmms-common";

    private static readonly (string Collection, string Package, string Folder, string Licence)[] Modules =
    [
        ("tecnoballz", "tecnoballz-data", Games + "tecnoballz/musics", "GPL-3.0-or-later"),
        ("penguin-command", "penguin-command", Games + "penguin-command/sound", "GPL-2.0-or-later"),
        ("ri-li", "ri-li-data", Games + "ri-li/Ri-li/Sounds", "GPL-3.0-only"),
        ("criticalmass", "criticalmass-data", Games + "criticalmass", "GPL-2.0-or-later"),
        ("madbomber", "madbomber-data", Games + "madbomber/music", "GPL-2.0-only"),
        ("circuslinux", "circuslinux-data", Games + "circuslinux/data/music", "GPL-1.0-or-later"),
    ];

    /// <summary>
    /// The projects that the copyright file of lmms-common gives a licence of their own; the others, whose authors it does not name, are
    /// left out.
    /// </summary>
    private static readonly (string File, string Licence)[] Projects =
    [
        .. ((string[])["demos/CapDan/CapDan-ReggaeTry.mmpz", "demos/CapDan/CapDan-ReggaetonTry.mmpz",
            "demos/CapDan/CapDan-ZeroSumGame-OriginalByZakarra.mmpz", "demos/EsoXLB-CPU.mmpz",
            "demos/Impulslogik-Zen.mmpz", "demos/Momo64-esp.mmpz", "demos/Oglsdl-Dr8v2.mmpz", "demos/Oglsdl-PpTrip.mmpz",
                "demos/Settel-InnerRecreation.mmpz", "demos/Socceroos-Progress.mmpz",
            "demos/TameAnderson-MakeMe.mmpz", "demos/Thomasso-AxeFromThe80s.mmpz", "shorties/Crunk(Demo).mmp",
                "shorties/Greshz-CoolSnip.mmpz", "shorties/Surrender-Main.mmpz"]).Select(f => (f, Artistic)),
        ("demos/Saber-FinalStep.mmpz", "BSD-2-Clause"), ("demos/Alf42red-Mauiwowi.mmpz", ShareAlike3),
            ("demos/CapDan/CapDan-TwilightArea-OriginalByAlf42red.mmpz", ShareAlike3),
        ("demos/Jousboxx-BuzzerBeater.mmpz", ShareAlike4), ("demos/Skiessi/Skiessi-C64.mmpz", ShareAlike4),
            ("demos/Skiessi/Skiessi-Onion.mmpz", ShareAlike4), ("shorties/Skiessi-222.mmpz", ShareAlike4),
    ];

    private const int ManyNotes = 16;
    private static readonly string[] Extensions = [".mod", ".s3m", ".xm", ".it"];

    /// <summary>The packages, and whether they are installed.</summary>
    public static IReadOnlyList<(string Package, bool IsInstalled)> Packages =>
    [
        .. Modules.Select(m => (m.Package, Directory.Exists(m.Folder))),
        (OpenMptLibrary.Package, OpenMptLibrary.IsInstalled),
        (LmmsPackage, Directory.Exists(Lmms)),
        ("lmms", DebianPackages.HasProgram("lmms")),
    ];

    /// <summary>
    /// All songs in a fixed order, and the modules that are another's music again: the instruments that matter have the same notes.
    /// </summary>
    /// <exception cref="IOException">A package is not installed.</exception>
    /// <exception cref="StemJepaException">A module is damaged.</exception>
    public static async Task<(IReadOnlyList<Multitrack> Songs,
        IReadOnlyList<RejectedSource> Rejected)> ReadAllAsync(CancellationToken cancel)
    {
        var all = new List<Multitrack>();
        var rejected = new List<RejectedSource>();
        var first = new Dictionary<string, string>();
        foreach ((string collection, string package, string folder, string licence) in Modules)
        {
            string version = await DebianPackages.VersionAsync(package, cancel);
            foreach (string path in Directory.GetFiles(folder).Where(f => Extensions.Contains(Path.GetExtension(f)))
                .Order(StringComparer.Ordinal))
            {
                byte[] bytes = await File.ReadAllBytesAsync(path, cancel);
                (string name, string hash) = (NameOf(collection, path), SourceSong.Hash(bytes));
                if (first.TryAdd(MusicOf(new TrackerModule(bytes, path)), name))
                    all.Add(new TrackerSong(name, new SourceRecord(package, version, path, null, licence, hash), bytes));
                else
                    rejected.Add(new RejectedSource(name, package, path, null, hash,
                        $"{name}: is the music of {first[MusicOf(new TrackerModule(bytes, path))]} again."));
            }
        }
        string lmms = await DebianPackages.VersionAsync(LmmsPackage, cancel);
        foreach ((string file, string licence) in Projects.OrderBy(p => p.File, StringComparer.Ordinal))
        {
            byte[] bytes = await File.ReadAllBytesAsync(Lmms + file, cancel);
            all.Add(new LmmsSong(NameOf("lmms", file), new SourceRecord(LmmsPackage, lmms, Lmms + file, null, licence,
                SourceSong.Hash(bytes)), bytes));
        }
        return (all, rejected);
    }

    /// <summary>
    /// What identifies a module's music: notes and pitches of its instruments with many notes, or of all if none has many.
    /// </summary>
    public static string MusicOf(TrackerModule module)
    {
        int least = module.Uses.Any(u => u.Notes >= ManyNotes) ? ManyNotes : 1;
        return string.Join(' ', module.Uses.Where(u => u.Notes >= least).Select(u => $"{u.Notes}/{u.Pitches}")
            .Order(StringComparer.Ordinal));
    }

    private static string NameOf(string collection, string path) =>
        $"{collection}_{string.Concat(Path.GetFileNameWithoutExtension(path).Select(Safe))}";

    private static char Safe(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-';
}
