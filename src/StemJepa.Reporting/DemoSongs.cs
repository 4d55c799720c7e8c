using System.IO.Compression;

namespace StemJepa.Reporting;

/// <summary>
/// The embedded demo songs: a zip of <c>TITLE/{bass,drums,other,vocals}.wav</c> and <c>ATTRIBUTION.txt</c>, which the trainer's command
/// <c>demo-songs</c> cuts from the test songs of the corpus.
/// </summary>
internal static class DemoSongs
{
    private const string Resource = "demo-songs.zip";
    private const string AttributionEntry = "ATTRIBUTION.txt";

    /// <summary>Loads the songs, in the order of their titles.</summary>
    public static IReadOnlyList<DemoSong> Load()
    {
        using ZipArchive archive = Open();
        return [.. archive.Entries
            .Where(entry => entry.FullName.EndsWith(".wav", StringComparison.Ordinal))
            .Select(entry => entry.FullName.Split('/')[0])
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Select(title => LoadSong(archive, title))];
    }

    /// <summary>Reads the authors of the songs and the licences of the songs and the soundfont.</summary>
    public static string ReadAttribution()
    {
        using ZipArchive archive = Open();
        using var reader = new StreamReader(Entry(archive, AttributionEntry).Open());
        return reader.ReadToEnd();
    }

    private static DemoSong LoadSong(ZipArchive archive, string title) => new(title,
        [.. Stem.Roles.Select(stem => LoadClip(archive, $"{title}/{stem.Name}.wav"))]);

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

/// <summary>A short excerpt of a song as four recordings that start together.</summary>
/// <param name="Title">The song's name.</param>
/// <param name="Stems">One recording for each <see cref="Stem"/>, by its number; equally long, at the same rate.</param>
internal sealed record DemoSong(string Title, IReadOnlyList<AudioClip> Stems)
{
    /// <summary>Sums the other three stems.</summary>
    public AudioClip MixWithout(Stem missing)
    {
        var mix = new float[Stems[0].Samples.Length];
        for (int stem = 0; stem < Stems.Count; stem++)
        {
            if (stem == missing.Role)
                continue;
            ReadOnlySpan<float> samples = Stems[stem].Samples.Span;
            for (int i = 0; i < mix.Length; i++)
                mix[i] += samples[i];
        }
        return new AudioClip(mix, Stems[0].SampleRate);
    }
}
