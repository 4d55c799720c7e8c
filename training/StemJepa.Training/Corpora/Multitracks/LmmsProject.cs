using System.Globalization;
using System.IO.Compression;
using System.Xml;
using System.Xml.Linq;

namespace StemJepa.Training.Corpora;

/// <summary>Reads the tracks and notes of LMMS projects (.mmp, and compressed .mmpz). Thread-safe.</summary>
internal static class LmmsProject
{
    private const int LengthPrefix = 4, StepTicks = 12;
    private const long MaxCharacters = 64 << 20;

    /// <summary>
    /// The tracks that LMMS renders to files of their own, in its order: the song's instrument and sample tracks that are not muted, then
    /// those of the beat editor.
    /// </summary>
    /// <exception cref="StemJepaException">The file is damaged.</exception>
    public static IReadOnlyList<(string Name, VoiceUse Use)> Tracks(byte[] bytes, string name)
    {
        try
        {
            bool isPlain = bytes.AsSpan().TrimStart((byte)' ').StartsWith("<"u8);
            using Stream stream = isPlain ? new MemoryStream(bytes) : new ZLibStream(new MemoryStream(bytes, LengthPrefix,
                Math.Max(0, bytes.Length - LengthPrefix)), CompressionMode.Decompress);
            using XmlReader reader = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore,
                MaxCharactersInDocument = MaxCharacters });
            XElement root = XElement.Load(reader);
            XElement[] tracks = [.. root.Descendants("track").Where(t => (string?)t.Attribute("type") is "0" or "2"
                && (string?)t.Attribute("muted") is null or "0")];
            return [.. tracks.OrderBy(t => t.Ancestors("bbtrack").Any()).Select(t => ((string?)t.Attribute("name") ?? "", Use(t)))];
        }
        catch (Exception e) when (e is XmlException or InvalidDataException or FormatException or OverflowException)
        {
            throw new StemJepaException($"{name}: cannot be read as an LMMS project ({e.Message}); an intact .mmp or .mmpz file is " +
                $"needed.", e);
        }
    }

    private static VoiceUse Use(XElement track)
    {
        if ((string?)track.Attribute("type") == "2") return new VoiceUse(track.Elements("sampletco").Count(), 1, 1);
        int notes = 0;
        var pitches = new HashSet<int>();
        long sounding = 0, single = 0;
        foreach (XElement pattern in track.Elements("pattern"))
        {
            var edges = new List<(long Tick, int Change)>();
            foreach (XElement note in pattern.Elements("note"))
            {
                long start = Number(note, "pos"), length = Number(note, "len");
                edges.AddRange([(start, 1), (start + (length > 0 ? length : StepTicks), -1)]);
                pitches.Add((int)Number(note, "key"));
                notes++;
            }
            (long previous, int voices) = (0, 0);
            foreach ((long tick, int change) in edges.Order())
            {
                if (voices > 0) sounding += tick - previous;
                if (voices == 1) single += tick - previous;
                (previous, voices) = (tick, voices + change);
            }
        }
        return new VoiceUse(notes, pitches.Count, sounding == 0 ? 1 : (double)single / sounding);
    }

    private static long Number(XElement element, string attribute) => (long)double.Parse((string?)element.Attribute(attribute) ?? "0",
        CultureInfo.InvariantCulture);
}
