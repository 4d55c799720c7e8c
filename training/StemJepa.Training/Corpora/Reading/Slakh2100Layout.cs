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
    private static readonly string[] Extensions = [".flac", ".wav"];
    private static readonly IDeserializer Yaml = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance)
        .IgnoreUnmatchedProperties().Build();

    private sealed class SongMetadata
    {
        public Dictionary<string, StemMetadata>? Stems { get; init; }
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
        foreach ((string name, StemMetadata stem) in ReadMetadata(Path.Combine(songPath, MetadataFile)).Stems ?? [])
        {
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
        try
        {
            return Yaml.Deserialize<SongMetadata?>(File.ReadAllText(path)) ?? new SongMetadata();
        }
        catch (YamlException e)
        {
            throw new StemJepaException(
                $"{path}: cannot be read as Slakh2100's list of stems (line {e.Start.Line}: {e.Message.TrimEnd('.')}); "
                + "copy the song again or remove its folder.", e);
        }
    }
}
