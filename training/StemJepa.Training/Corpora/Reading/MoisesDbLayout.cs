using System.Text.Json;

namespace StemJepa.Training.Corpora;

/// <summary>
/// MoisesDB: <c>PROVIDER/SONG/data.json</c> lists the stems and their recordings, which are <c>SONG/STEM/ID.wav</c>. The corpus
/// folder may also be a provider's folder. The data set has no splits: one song in ten is a test song.
/// </summary>
internal sealed class MoisesDbLayout : ICorpusLayout
{
    private const string DataFile = "data.json", PitchedPercussion = "pitched percussion";

    private sealed record SongData(StemData?[]? Stems);

    private sealed record StemData(string? StemName, TrackData?[]? Tracks);

    private sealed record TrackData(string? Id, string? Extension, string? TrackType);

    public string Description => "MoisesDB (SONG/data.json)";

    public int? TestOneIn => 10;

    public IEnumerable<string> SongPaths(string folder) =>
        Directory.EnumerateDirectories(folder)
            .SelectMany(inside => HasData(inside) ? [inside] : Directory.EnumerateDirectories(inside).Where(HasData));

    public ListedSong Read(string songPath, ReadingWarnings warnings)
    {
        var sources = new List<StemSource>();
        foreach (StemData stem in (ReadData(Path.Combine(songPath, DataFile)).Stems ?? []).OfType<StemData>())
        foreach (TrackData track in (stem.Tracks ?? []).OfType<TrackData>())
        {
            string path = Path.Combine(songPath, stem.StemName ?? "", $"{track.Id}.{track.Extension ?? "wav"}");
            bool pitched = track.TrackType?.StartsWith(PitchedPercussion, StringComparison.OrdinalIgnoreCase) ?? false;
            if (File.Exists(path))
                sources.Add(new StemSource(
                    StemTaxonomy.MoisesDb.StemOf(pitched ? PitchedPercussion : stem.StemName ?? "", warnings), path));
            else
                warnings.MissingFile(path);
        }
        return new ListedSong(Path.GetFileName(songPath), sources);
    }

    private static bool HasData(string folder) => File.Exists(Path.Combine(folder, DataFile));

    private static SongData ReadData(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<SongData>(File.ReadAllBytes(path), JsonSerializerOptions.Web)
                ?? throw new JsonException("it holds null");
        }
        catch (JsonException e)
        {
            throw new StemJepaException(
                $"{path}: cannot be read as MoisesDB's list of stems ({e.Message.TrimEnd('.')}); copy the song again or remove its folder.",
                e);
        }
    }
}
