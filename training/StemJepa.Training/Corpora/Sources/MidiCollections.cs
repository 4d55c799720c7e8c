using System.Text;
using CliWrap;

namespace StemJepa.Training.Corpora;

/// <summary>
/// The sources of real songs: Debian packages with freely licensed music. Licences are those of the packages' copyright files.
/// Thread-safe.
/// </summary>
internal static class MidiCollections
{
    private const string Doom = "/usr/share/games/doom/", Simutrans = "/usr/share/games/simutrans/music",
        LiquidWar = "/usr/share/games/liquidwar/", Stax = "/usr/share/games/stax/stax.dat", PlayMidi = "/usr/share/doc/playmidi/examples";

    /// <summary>The packages that are needed, and whether they are installed.</summary>
    public static IReadOnlyList<(string Package, bool IsInstalled)> Packages =>
    [
        ("freedoom", File.Exists(Doom + "freedoom1.wad") && File.Exists(Doom + "freedoom2.wad")),
        ("freedm", File.Exists(Doom + "freedm.wad")),
        ("simutrans-data", Directory.Exists(Simutrans)),
        ("liquidwar-data", File.Exists(LiquidWar + "liquidwar.dat")),
        ("stax", File.Exists(Stax)),
        ("playmidi", Directory.Exists(PlayMidi)),
        ("liballegro4-dev", DebianPackages.HasProgram("dat")),
    ];

    /// <summary>Reads all MIDI files, in a fixed order, including identical ones.</summary>
    /// <exception cref="StemJepaException">A package's file is damaged.</exception>
    public static async Task<IReadOnlyList<MidiSource>> ReadAllAsync(CancellationToken cancel)
    {
        var all = new List<MidiSource>();
        foreach ((string package, string wad) in new[] { ("freedoom", "freedoom1"), ("freedoom", "freedoom2"), ("freedm", "freedm") })
        {
            string path = $"{Doom}{wad}.wad", version = await DebianPackages.VersionAsync(package, cancel);
            all.AddRange(WadReader.ReadMusic(path)
                .Select(l => new MidiSource($"{wad}_{l.Name}", package, version, path, l.Name, "BSD-3-Clause", l.Bytes)));
        }
        await AddFiles(all, "simutrans", "simutrans-data", Simutrans, "*.mid", "Artistic-1.0", cancel);
        await AddFiles(all, "liquidwar", "liquidwar-data", LiquidWar + "music", "*.mid", "GPL-2.0-or-later", cancel);
        await AddDatafile(all, "liquidwar", "liquidwar-data", LiquidWar + "liquidwar.dat", "GPL-2.0-or-later", cancel);
        await AddDatafile(all, "stax", "stax", Stax, "GPL-2.0-only", cancel);
        await AddFiles(all, "playmidi", "playmidi", PlayMidi, "*.mid*", "GPL-2.0-or-later", cancel);
        return all;
    }

    private static async Task AddFiles(
        List<MidiSource> all, string collection, string package, string folder, string pattern, string licence, CancellationToken cancel)
    {
        string version = await DebianPackages.VersionAsync(package, cancel);
        foreach (string path in Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal))
        {
            string title = Path.GetFileName(path).Split(".mid")[0];
            all.Add(new MidiSource(
                $"{collection}_{title}", package, version, path, null, licence, await File.ReadAllBytesAsync(path, cancel)));
        }
    }

    private static async Task AddDatafile(
        List<MidiSource> all, string collection, string package, string path, string licence, CancellationToken cancel)
    {
        string version = await DebianPackages.VersionAsync(package, cancel);
        foreach ((string name, byte[] bytes) in await AllegroDatafile.ReadMusicAsync(path, cancel))
        {
            string title = name[(name.LastIndexOf('/') + 1)..].Replace("_MID", "", StringComparison.Ordinal);
            all.Add(new MidiSource($"{collection}_{title}", package, version, path, name, licence, bytes));
        }
    }
}

/// <summary>Queries the packages and programs of this Debian system. Thread-safe.</summary>
internal static class DebianPackages
{
    /// <summary>Returns the installed version of <paramref name="package"/>; "unknown" without dpkg.</summary>
    public static async Task<string> VersionAsync(string package, CancellationToken cancel)
    {
        if (!HasProgram("dpkg-query")) return "unknown";
        var output = new StringBuilder();
        CommandResult result = await Cli.Wrap("dpkg-query").WithArguments(["-W", "-f", "${Version}", package])
            .WithStandardOutputPipe(PipeTarget.ToStringBuilder(output)).WithValidation(CommandResultValidation.None).ExecuteAsync(cancel);
        return result.IsSuccess && output.Length > 0 ? output.ToString().Trim() : "unknown";
    }

    /// <summary>Checks that a program is on the PATH whose package has its name.</summary>
    /// <param name="program">The program.</param>
    /// <param name="song">The song that needs it, for the message.</param>
    /// <exception cref="StemJepaException">It is not.</exception>
    public static void Require(string program, string song)
    {
        if (!HasProgram(program))
            throw new StemJepaException(
                $"{song}: the program {program} is not installed here: apt-get install --no-install-recommends {program}");
    }

    /// <summary>True if a program of this name is on the PATH.</summary>
    public static bool HasProgram(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, name)));
}
