using YamlDotNet.Core;
using YamlDotNet.Serialization.NamingConventions;
using YamlDotNet.Serialization;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Slakh2100: <c>train|validation|test/TrackNNNNN/metadata.yaml</c> describes the recordings <c>stems/SNN.flac</c> (or <c>.wav</c>).
/// The folder <c>omitted</c>, which holds duplicates, is not read.
/// </summary>
internal sealed class Slakh2100Layout : ICorpusLayout
{
    private const string MetadataFile = "metadata.yaml", AudioFolder = "stems";
    private const int MaximumMetadataBytes = 1 << 20;
    private static readonly string[] Extensions = [".flac", ".wav"];
    private static readonly IDeserializer Yaml = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance)
        .IgnoreUnmatchedProperties().Build();

    private sealed class SongMetadata
    {
        public Dictionary<string, StemMetadata?>? Stems { get; init; }
    }

    private sealed class StemMetadata
    {
        public bool AudioRendered { get; init; } = true;

        public string? InstClass { get; init; }

        public bool IsDrum { get; init; }
    }

    public string Description => "Slakh2100 (TrackNNNNN/metadata.yaml)";

    public IEnumerable<string> SongPaths(string folder) =>
        Directory.EnumerateDirectories(folder).Where(song => File.Exists(Path.Combine(song, MetadataFile)));

    public ListedSong Read(string songPath, ReadingWarnings warnings)
    {
        var sources = new List<StemSource>();
        foreach ((string name, StemMetadata? described) in ReadMetadata(Path.Combine(songPath, MetadataFile)).Stems ?? [])
        {
            StemMetadata stem = described ?? new StemMetadata();
            if (!stem.AudioRendered)
                continue;
            string withoutExtension = Path.Combine(songPath, AudioFolder, name);
            if (Extensions.Select(extension => withoutExtension + extension).FirstOrDefault(File.Exists) is { } path)
                sources.Add(new StemSource(
                    StemTaxonomy.Slakh2100.StemOf(stem.IsDrum ? StemTaxonomy.DrumKit : stem.InstClass ?? "", warnings), path));
            else
                warnings.MissingFile(withoutExtension + Extensions[0]);
        }
        return new ListedSong(Path.GetFileName(songPath), sources);
    }

    private static SongMetadata ReadMetadata(string path)
    {
        if (RegularFile.TryGetLength(path) is not <= MaximumMetadataBytes)
            throw new StemJepaException($"{path}: is empty, no regular file, or no list of stems by its size; copy the song again.");
        string text = File.ReadAllText(path);
        try
        {
            return Yaml.Deserialize<SongMetadata?>(text) ?? new SongMetadata();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Beside its own exceptions the parser throws InvalidOperationException and others, as its state happens to be.
            string place = e is YamlException yaml ? $"line {yaml.Start.Line}: " : "";
            throw new StemJepaException(
                $"{path}: cannot be read as Slakh2100's list of stems ({place}{OneLine(e)}); copy the song again or remove its folder.", e);
        }
    }

    private static string OneLine(Exception e) =>
        string.Join(' ', e.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
}
