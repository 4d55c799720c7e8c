using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using System.Text;

namespace StemJepa.Training.Corpora;

/// <summary>The installed library of mma's grooves. Thread-safe.</summary>
internal sealed partial class GrooveLibrary
{
    /// <summary>Folder of the library on Debian.</summary>
    public const string Folder = "/usr/share/mma/lib";

    private GrooveLibrary(IReadOnlyList<GrooveFile> files) => Files = files;

    /// <summary>The files with a bass track and a groove, sorted by name.</summary>
    public IReadOnlyList<GrooveFile> Files { get; }

    /// <summary>Returns the files of a split.</summary>
    public IReadOnlyList<GrooveFile> Split(bool isTest) => [.. Files.Where(f => f.IsTest == isTest)];

    /// <summary>Reads the names of the grooves from the library's files.</summary>
    /// <exception cref="StemJepaException">mma is not installed.</exception>
    public static GrooveLibrary Read()
    {
        if (!Directory.Exists(Folder))
            throw new StemJepaException(
                $"{Folder}: mma's library of grooves is not here: apt-get install --no-install-recommends {Mma.Package}");
        var files = new List<GrooveFile>();
        foreach (string path in Directory.GetFiles(Folder, "*.mma", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string text = File.ReadAllText(path);
            if (!BassTrack().IsMatch(text)) continue;
            string[] grooves =
                [.. Definition().Matches(text).Select(m => m.Groups[1].Value).Where(n => !Ornament().IsMatch(n))
                    .Distinct(StringComparer.OrdinalIgnoreCase)];
            if (grooves.Length > 0) files.Add(new GrooveFile(Path.GetRelativePath(Folder, path)[..^4], grooves));
        }
        return new GrooveLibrary(files);
    }

    [GeneratedRegex(@"^\s*(begin\s+)?(bass|walk)\b", RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex BassTrack();

    [GeneratedRegex(@"^\s*DefGroove\s+(\S+)", RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Definition();

    [GeneratedRegex(@"intro|ending|fill|F[AB]$|\dE$|end\d*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Ornament();
}

/// <summary>
/// A file of mma's library with the names of the grooves in it that are neither introductions, endings nor fills. Thread-safe.
/// </summary>
/// <param name="name">Path in the library without the extension, such as "stdlib/bossanova".</param>
/// <param name="grooves">Names of the grooves.</param>
internal sealed class GrooveFile(string name, IReadOnlyList<string> grooves)
{
    private const int TestOneIn = 6, HashByte = 16, TrialBars = 4;
    private readonly SemaphoreSlim _gate = new(1);
    private IReadOnlyList<Groove>? _usable;

    /// <summary>Path in the library without the extension.</summary>
    public string Name => name;

    /// <summary>Names of the grooves, usable or not.</summary>
    public IReadOnlyList<string> Grooves => grooves;

    /// <summary>
    /// True for one file in six, whose grooves are used for test songs only: byte 16 of the SHA-256 of the name is divisible by 6.
    /// </summary>
    public bool IsTest { get; } = SHA256.HashData(Encoding.UTF8.GetBytes(name))[HashByte] % TestOneIn == 0;

    /// <summary>
    /// Returns the grooves that have drums, a bass and other parts. The first call lets mma play four bars of each. Empty if mma fails.
    /// </summary>
    /// <exception cref="StemJepaException">mma is not installed.</exception>
    public async Task<IReadOnlyList<Groove>> UsableAsync(CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            return _usable ??= await Try(cancel);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<IReadOnlyList<Groove>> Try(CancellationToken cancel)
    {
        var script = new StringBuilder("RndSeed 1\n");
        foreach (string groove in grooves)
            script.Append(CultureInfo.InvariantCulture, $"Groove {name}:{groove}\nMidiMark $_Time\n1 C\n2 Am\n3 F\n4 G7\n");
        MidiFile file;
        try
        {
            file = await Mma.RunAsync(script.ToString(), name, cancel);
        }
        catch (StemJepaException) when (DebianPackages.HasProgram(Mma.Package))
        {
            return [];
        }
        var song = new MidiSong(file, name);
        IReadOnlyList<(long Tick, string Text)> marks = Mma.MarkersOf(file);
        var usable = new List<Groove>();
        for (int i = 0; i < grooves.Count; i++)
        {
            double time = double.Parse(marks[i].Text, CultureInfo.InvariantCulture);
            if (time != Math.Floor(time)) continue;
            int beats = (int)time;
            long end = marks[i].Tick + TrialBars * beats * song.TicksPerQuarter;
            bool Plays(Stem role) =>
                song.Parts.Any(p => MmaRoles.RoleOf(p) == role && p.Notes.Any(n => n.Start >= marks[i].Tick && n.Start < end));
            if (Plays(Stem.Drums) && Plays(Stem.Bass) && Plays(Stem.Other))
                usable.Add(new Groove(name, grooves[i], beats, IsCompound(song, marks[i].Tick, beats)));
        }
        return usable;
    }

    /// <summary>
    /// 6/8 in two, four or six of mma's beats, 9/8 in three, 12/8 in four; six beats are 6/8 if the file has no time signature.
    /// </summary>
    private static bool IsCompound(MidiSong song, long tick, int beats)
    {
        (int count, int halvings) = song.Events
            .Where(e => e.IsMeta && e.Data1 == MidiEvent.TimeSignature && e.Payload.Length >= 2 && e.Tick <= tick)
            .Select(e => ((int)e.Payload.Span[0], (int)e.Payload.Span[1])).LastOrDefault((4, 2));
        return beats == 6 || (halvings == 3 && (count, beats) is (6, 2 or 4) or (9, 3) or (12, 4));
    }
}
