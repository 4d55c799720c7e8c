using System.IO.Compression;
using StemJepa.Tool.Commands;

namespace StemJepa.Tool.Demo;

/// <summary>
/// The excerpts that the tool carries: a zip of <c>TITLE/{bass,drums,other,vocals}.wav</c> and <c>ATTRIBUTION.txt</c>, which
/// <c>training/StemJepa.Training -- demo-songs</c> cuts from the test songs of the corpus.
/// </summary>
internal static class DemoSongs
{
    private const string Resource = "demo-songs.zip";
    private const string AttributionEntry = "ATTRIBUTION.txt";

    /// <summary>The songs, in the order of their titles.</summary>
    public static IReadOnlyList<DemoSong> Load()
    {
        using ZipArchive archive = Open();
        return [.. archive.Entries
            .Where(entry => entry.FullName.EndsWith(".wav", StringComparison.Ordinal))
            .Select(entry => entry.FullName.Split('/')[0])
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Select(title => new DemoSong(title, [.. Enum.GetValues<Stem>().Select(stem => LoadClip(archive, $"{title}/{CommonOptions.NameOf(stem)}.wav"))]))];
    }

    /// <summary>Who wrote the songs and under which licences they and the soundfont come.</summary>
    public static string ReadAttribution()
    {
        using ZipArchive archive = Open();
        using var reader = new StreamReader(Entry(archive, AttributionEntry).Open());
        return reader.ReadToEnd();
    }

    private static AudioClip LoadClip(ZipArchive archive, string name)
    {
        using Stream stream = Entry(archive, name).Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        bytes.Position = 0;
        return AudioClip.Load(bytes, name);
    }

    private static ZipArchiveEntry Entry(ZipArchive archive, string name) =>
        archive.GetEntry(name) ?? throw new StemJepaException($"{Resource} has no {name}; install the tool again.");

    private static ZipArchive Open() => new(typeof(DemoSongs).Assembly.GetManifestResourceStream(Resource)!, ZipArchiveMode.Read);
}
