using System.IO.Compression;
using System.Text;
using StemJepa.Tool.Indexing;
using StemJepa.Training.Corpora;

namespace StemJepa.Campaign.Tests;

/// <summary>What training reads, and texts that users type.</summary>
internal static class CorpusTargets
{
    /// <summary>The example of the Standard MIDI File specification, format 0.</summary>
    private static readonly byte[] Midi = Convert.FromHexString(
        "4D54686400000006000000010060" + "4D54726B0000003B00FF58040402180800FF510307A12000C00500C12E00C24600923060003C606091434060904C20"
        + "8140823040003C4000814340" + "00804C4000FF2F00");

    internal static IEnumerable<Target> Create() =>
    [
        new("MIDI", 60, [Midi, Gzip(Midi)], (input, _) => MidiReader.Read(input, Target.Input)),
        new("Slakh2100's metadata.yaml", 20,
            [
                .. Texts("UUID: 1a81\nstems:\n  S00:\n    audio_rendered: true\n    inst_class: Bass\n    is_drum: false\n"
                    + "  S01: {is_drum: true}\n",
                    "stems:\n  S00:\n...\n---\nstems: {S01: {inst_class: ~}}\n"),
            ], (input, folder) => new Slakh2100Layout().Read(Song(folder, "metadata.yaml", input), new ReadingWarnings())),
        new("MoisesDB's data.json", 30,
            [.. Texts("""
                {"stems":[{"stemName":"bass","tracks":[{"id":"t","extension":"wav","trackType":"bass guitar"}]},{"stemName":"drums"}]}
                """)],
            (input, folder) => new MoisesDbLayout().Read(Song(folder, "data.json", input), new ReadingWarnings())),
        new("shares, keys, names and addresses", 40,
            [
                .. Texts("3/16", "F# minor", "Drums/break 96bpm_F#min.wav", "redis://user:secret@a:6379,b/name?shards=4",
                    "rediss://[::1]:1/n"),
            ],
            ReadText),
    ];

    private static void ReadText(byte[] input, string folder)
    {
        string text = Encoding.UTF8.GetString(input);
        if (Shard.Parse(text) is { } shard)
            shard.Holds(text);
        MusicalKey.TryParse(text, out _);
        NameHints.FromPath(text);
        if (VectorSetAddress.TryParse(text, out VectorSetAddress? address, out string? problem))
            address.ToConfiguration();
        else if (text.Contains("//user:secret@", StringComparison.Ordinal) && text.Split("secret").Length == 2)
            Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
    }

    private static byte[][] Texts(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    private static string Song(string folder, string name, byte[] content)
    {
        string song = Path.Combine(folder, "song");
        Directory.CreateDirectory(song);
        File.WriteAllBytes(Path.Combine(song, name), content);
        return song;
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return buffer.ToArray();
    }
}
