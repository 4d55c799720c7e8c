using System.IO.Compression;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Writes the demo's zip: <c>TITLE/{bass,drums,other,vocals}.wav</c> and <c>ATTRIBUTION.txt</c>. Samples are rounded to 12 of their 16 bits, so
/// that the zip stays small; the rounding noise, 74 dB under full scale, is too weak to move the log-mel spectrogram's floor visibly.
/// </summary>
public static class DemoArchive
{
    private const float Steps = 1 << 11;

    /// <summary>The earliest time that a zip can hold: the same songs give the same file.</summary>
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes the file, whole or not at all.</summary>
    public static void Write(string path, IReadOnlyList<DemoExcerpt> excerpts)
    {
        string wav = Path.GetTempFileName();
        try
        {
            AtomicFile.Write(path, stream =>
            {
                using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
                foreach (DemoExcerpt excerpt in excerpts)
                {
                    foreach (Stem stem in Enum.GetValues<Stem>())
                    {
                        Round(excerpt.Stems[(int)stem]).Save(wav);
                        Add(archive, $"{excerpt.Title}/{SongRenderer.FileOf(stem)}", File.ReadAllBytes(wav));
                    }
                }
                Add(archive, "ATTRIBUTION.txt", System.Text.Encoding.UTF8.GetBytes(DemoAttribution.Write(excerpts)));
            });
        }
        finally
        {
            File.Delete(wav);
        }
    }

    /// <summary>The clip with 12-bit samples.</summary>
    public static AudioClip Round(AudioClip clip) => new(
        Array.ConvertAll(clip.Samples.ToArray(), sample => Math.Clamp(MathF.Round(sample * Steps), -Steps, Steps - 1) / Steps), clip.SampleRate);

    private static void Add(ZipArchive archive, string name, ReadOnlySpan<byte> bytes)
    {
        ZipArchiveEntry entry = archive.CreateEntry(name, CompressionLevel.SmallestSize);
        entry.LastWriteTime = EntryTime;
        using Stream stream = entry.Open();
        stream.Write(bytes);
    }
}
