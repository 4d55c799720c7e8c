using System.Security.Cryptography;

namespace StemJepa.Training.Corpora;

/// <summary>A song of the corpus: its source file, musical content, roles and split. Immutable.</summary>
internal sealed record SourceSong(MidiSource Source, MidiSong Midi, IReadOnlyDictionary<Part, Stem> Roles, bool IsTest)
{
    /// <summary>Name of the song.</summary>
    public string Name => Source.Name;

    /// <summary>Labels of a composed song; null for other songs.</summary>
    public SongLabels? Labels { get; init; }

    /// <summary>"train" or "test".</summary>
    public string Split => IsTest ? SongSplit.Test : SongSplit.Train;

    /// <summary>Computes the SHA-256 in lower-case hexadecimal digits.</summary>
    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Reads the sources, in order. The second list holds those that cannot be used, each with the reason.</summary>
    public static (IReadOnlyList<SourceSong> Songs, IReadOnlyList<RejectedSource> Rejected) Select(IReadOnlyList<MidiSource> sources)
    {
        var rejected = new List<RejectedSource>();
        var accepted = new List<(MidiSource Source, MidiSong Midi, IReadOnlyDictionary<Part, Stem> Roles)>();
        var readable = new List<MidiSong>();
        var first = new Dictionary<string, string>();
        foreach (MidiSource source in sources)
        {
            string hash = Hash(source.Bytes);
            try
            {
                if (!first.TryAdd(hash, source.Name))
                    throw new StemJepaException($"{source.Name}: is the same file as {first[hash]}.");
                var midi = new MidiSong(MidiReader.Read(source.Bytes, source.Name), source.Name);
                readable.Add(midi);
                accepted.Add((source, midi, RoleAssignment.Assign(midi)));
            }
            catch (StemJepaException e)
            {
                rejected.Add(new RejectedSource(source.Name, source.Package, source.Path, source.Lump, hash, e.Message));
            }
        }
        IReadOnlySet<string> test = SongSplit.TestSongs(readable);
        return ([.. accepted.Select(a => new SourceSong(a.Source, a.Midi, a.Roles, test.Contains(a.Source.Name)))], rejected);
    }
}

/// <summary>A MIDI file of a Debian package.</summary>
/// <param name="Name">Unique name of the song in the corpus: the collection and the file or lump.</param>
/// <param name="Package">Name of the Debian package.</param>
/// <param name="Version">Version of the package.</param>
/// <param name="Path">Path of the installed file.</param>
/// <param name="Lump">Name of the entry inside the file; null if the file is the song itself.</param>
/// <param name="Licence">Short name of the licence in the package's copyright file.</param>
/// <param name="Bytes">The MIDI file, possibly gzipped.</param>
internal sealed record MidiSource(string Name, string Package, string Version, string Path, string? Lump, string Licence, byte[] Bytes);

/// <summary>A MIDI file that is not in the corpus; <paramref name="Reason"/> is one sentence.</summary>
internal sealed record RejectedSource(string Name, string Package, string Path, string? Lump, string Sha256, string Reason);

/// <summary>The part of a song that is rendered, and how: what synthesisers and singers need to know of a plan.</summary>
internal interface ISongExcerpt
{
    /// <summary>Name of the rendering.</summary>
    string Name { get; }

    /// <summary>First tick.</summary>
    long StartTick { get; }

    /// <summary>Tick after the last.</summary>
    long EndTick { get; }

    /// <summary>Semitones by which pitched parts are transposed.</summary>
    int Transpose { get; }

    /// <summary>Factor of the tempo.</summary>
    double TempoFactor { get; }

    /// <summary>Converts a tick to seconds of the rendering.</summary>
    double SecondsAt(MidiSong song, long tick) => (song.Tempo.ToSeconds(tick) - song.Tempo.ToSeconds(StartTick)) / TempoFactor;
}
