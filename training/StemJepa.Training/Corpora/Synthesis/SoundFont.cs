using System.Buffers.Binary;
using System.Text;

namespace StemJepa.Training.Corpora;

/// <summary>A General MIDI soundfont of a Debian package. Immutable; thread-safe.</summary>
internal sealed record SoundFont(string Name, string Package, string Path, string Licence)
{
    private const int FirstOrchestralKit = 48;

    /// <summary>The soundfont of the original songs.</summary>
    public static readonly SoundFont FluidR3 = new("FluidR3_GM", "fluid-soundfont-gm", "/usr/share/sounds/sf2/FluidR3_GM.sf2", "MIT");

    /// <summary>The second soundfont of variants.</summary>
    public static readonly SoundFont TimGm6Mb = new("TimGM6mb", "timgm6mb-soundfont", "/usr/share/sounds/sf2/TimGM6mb.sf2", "GPL-2.0-only");

    /// <summary>A soundfont for test songs only.</summary>
    public static readonly SoundFont MuseScore =
        new("MuseScore_General_Lite", "musescore-general-soundfont-small", "/usr/share/sounds/sf3/MuseScore_General_Lite.sf3", "MIT");

    /// <summary>Soundfonts of training songs.</summary>
    public static readonly IReadOnlyList<SoundFont> Training = [FluidR3, TimGm6Mb];

    /// <summary>All soundfonts.</summary>
    public static readonly IReadOnlyList<SoundFont> All = [.. Training, MuseScore];

    private const int DrumBank = 128, PresetHeaderSize = 38;

    /// <summary>True for compressed samples (an .sf3 file), which take longer to load than to play.</summary>
    public bool IsCompressed => Path.EndsWith(".sf3", StringComparison.Ordinal);

    /// <summary>Describes the soundfont for a manifest.</summary>
    /// <exception cref="IOException">The soundfont is not installed.</exception>
    public SoundFontRecord Describe() => new(Name, Package, Path, Licence, SourceSong.Hash(File.ReadAllBytes(Path)));

    /// <summary>Reads the programs of the drum kits of a SoundFont 2 file: the presets of bank 128, in ascending order.</summary>
    /// <remarks>Compressed soundfonts omit the byte that pads chunks of odd length.</remarks>
    /// <exception cref="StemJepaException">The file is not a SoundFont 2 file.</exception>
    public static IReadOnlyList<int> ReadDrumKits(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path), Encoding.Latin1);
        try
        {
            Stream stream = reader.BaseStream;
            if (!reader.ReadBytes(4).AsSpan().SequenceEqual("RIFF"u8)) throw Damaged(path);
            stream.Position = 12;
            while (stream.Position + 8 <= stream.Length)
            {
                byte[] id = reader.ReadBytes(4);
                uint size = reader.ReadUInt32();
                if (id.AsSpan().SequenceEqual("phdr"u8)) return Kits(reader.ReadBytes(checked((int)size)));
                if (id.AsSpan().SequenceEqual("LIST"u8) && reader.ReadBytes(4).AsSpan().SequenceEqual("pdta"u8)) continue;
                if (id.AsSpan().SequenceEqual("LIST"u8)) stream.Position -= 4;
                stream.Position += size;
                if ((size & 1) == 1 && reader.PeekChar() == 0) stream.Position++;
            }
        }
        catch (Exception e) when (e is EndOfStreamException or OverflowException)
        {
            throw Damaged(path);
        }
        throw Damaged(path);
    }

    /// <summary>Returns the drum sets among <paramref name="kits"/>, without orchestral percussion.</summary>
    public static IReadOnlyList<int> DrumSets(IEnumerable<int> kits) => [.. kits.Where(k => k < FirstOrchestralKit)];

    /// <summary>Reads, for each soundfont, the programs of its drum sets, orchestral percussion left out.</summary>
    /// <exception cref="StemJepaException">A soundfont is not installed, or damaged.</exception>
    public static IReadOnlyList<(SoundFont Font, IReadOnlyList<int> Kits)> ReadDrumSets(IEnumerable<SoundFont> fonts) =>
        [.. fonts.Select(f => (f, DrumSets(ReadDrumKits(f.Path))))];

    private static List<int> Kits(ReadOnlySpan<byte> presets)
    {
        var kits = new SortedSet<int>();
        for (int at = 0; at + 2 * PresetHeaderSize <= presets.Length; at += PresetHeaderSize)
            if (BinaryPrimitives.ReadUInt16LittleEndian(presets[(at + 22)..]) == DrumBank)
                kits.Add(BinaryPrimitives.ReadUInt16LittleEndian(presets[(at + 20)..]));
        return [.. kits];
    }

    private static StemJepaException Damaged(string path) => new($"{path}: holds no preset headers; an intact SoundFont 2 file is needed.");
}

/// <summary>A soundfont in a manifest.</summary>
internal sealed record SoundFontRecord(string Name, string Package, string Path, string Licence, string Sha256);
