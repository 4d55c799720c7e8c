using System.Collections.Concurrent;
using System.Text;

namespace StemJepa.Training.Corpora;

/// <summary>Reads the presets of SoundFont 2 files: bank, program, name and the keys that have samples. Thread-safe.</summary>
internal static class SoundFontPresets
{
    private const int PresetBytes = 38, InstrumentBytes = 22, BagBytes = 4, GeneratorBytes = 4;
    private const int Keys = 128, KeyRange = 43, InstrumentOf = 41, SampleOf = 53;

    private static readonly ConcurrentDictionary<string, Lazy<IReadOnlyList<Preset>>> Read = new();

    /// <summary>A preset: bank (128: drum kits) and program 0..127, and which of the 128 keys have a sample.</summary>
    public sealed record Preset(int Bank, int Program, string Name, IReadOnlyList<bool> HasKey);

    /// <summary>The presets in the file's order; a file is read once.</summary>
    /// <exception cref="StemJepaException">It is not a SoundFont 2 file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<Preset> Of(string path) => Read.GetOrAdd(path, p => new Lazy<IReadOnlyList<Preset>>(() => Parse(p))).Value;

    private static List<Preset> Parse(string path)
    {
        Dictionary<string, byte[]> lists = Lists(path);
        try
        {
            byte[] headers = lists["phdr"], instruments = lists["inst"];
            var zones = new Zones(lists["pbag"], lists["pgen"]);
            var instrumentZones = new Zones(lists["ibag"], lists["igen"]);
            int count = headers.Length / PresetBytes - 1, instrumentCount = instruments.Length / InstrumentBytes - 1;
            var presets = new List<Preset>();
            for (int i = 0; i < count; i++)
            {
                int at = i * PresetBytes;
                var keys = new bool[Keys];
                foreach ((int low, int high, int? instrument) in zones.Of(UInt16(headers, at + 24),
                    UInt16(headers, at + PresetBytes + 24), InstrumentOf))
                {
                    if (instrument is not { } played || played >= instrumentCount) continue;
                    int from = UInt16(instruments, played * InstrumentBytes + 20),
                        to = UInt16(instruments, (played + 1) * InstrumentBytes + 20);
                    foreach ((int first, int last, int? sample) in instrumentZones.Of(from, to, SampleOf))
                        for (int key = Math.Max(low, first); sample is not null && key <= Math.Min(high, last); key++) keys[key] = true;
                }
                string name = Encoding.Latin1.GetString(headers, at, 20).Split('\0')[0];
                presets.Add(new Preset(UInt16(headers, at + 22), UInt16(headers, at + 20), name, keys));
            }
            return presets;
        }
        catch (Exception e) when (e is KeyNotFoundException or ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            throw Damaged(path, e);
        }
    }

    /// <summary>The chunks of the list "pdta".</summary>
    private static Dictionary<string, byte[]> Lists(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path), Encoding.Latin1);
        Stream stream = reader.BaseStream;
        var chunks = new Dictionary<string, byte[]>();
        try
        {
            if (Id(reader) != "RIFF") throw Damaged(path, null);
            stream.Position = 12;
            while (stream.Position + 8 <= stream.Length)
            {
                string id = Id(reader);
                long end = reader.ReadUInt32() + stream.Position;
                bool isPresets = id == "LIST" && Id(reader) == "pdta";
                while (isPresets && stream.Position + 8 <= end) chunks[Id(reader)] = reader.ReadBytes(checked((int)reader.ReadUInt32()));
                stream.Position = end + (end & 1);
            }
            return chunks;
        }
        catch (Exception e) when (e is EndOfStreamException or OverflowException)
        {
            throw Damaged(path, e);
        }
    }

    private static string Id(BinaryReader reader) => Encoding.Latin1.GetString(reader.ReadBytes(4));

    private static int UInt16(byte[] bytes, int at) => BitConverter.ToUInt16(bytes, at);

    private static StemJepaException Damaged(string path, Exception? inner) =>
        new($"{path}: holds no presets; an intact SoundFont 2 file is needed.", inner!);

    private sealed class Zones(byte[] bags, byte[] generators)
    {
        /// <summary>
        /// The key range of each zone in <paramref name="from"/>..<paramref name="to"/>, and the value of its last generator
        /// <paramref name="wanted"/>.
        /// </summary>
        public IEnumerable<(int Low, int High, int? Value)> Of(int from, int to, int wanted)
        {
            for (int zone = from; zone < to; zone++)
            {
                (int low, int high, int? value) = (0, Keys - 1, null);
                for (int g = UInt16(bags, zone * BagBytes); g < UInt16(bags, (zone + 1) * BagBytes); g++)
                {
                    int at = g * GeneratorBytes, kind = UInt16(generators, at);
                    if (kind == KeyRange) (low, high) = (generators[at + 2], Math.Min(Keys - 1, (int)generators[at + 3]));
                    if (kind == wanted) value = UInt16(generators, at + 2);
                }
                yield return (low, high, value);
            }
        }
    }
}
