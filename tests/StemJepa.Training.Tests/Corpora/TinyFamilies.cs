using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Instrument families of songs that tests write by hand.</summary>
internal static class TinyFamilies
{
    /// <summary>Writes <c>song.json</c> with families and their roles into a song's folder, and the files of those that have samples.</summary>
    public static void Write(string folder, params (string Family, string[] Roles, float[]? Samples)[] families)
    {
        foreach ((string family, _, float[]? samples) in families.Where(family => family.Samples is not null))
        {
            string path = FamilyStems.PathIn(folder, family);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            new AudioClip(samples, 16000).Save(path);
        }
        new SongRecord
        {
            Name = Path.GetFileName(folder),
            Song = Path.GetFileName(folder),
            Split = SongSplit.Train,
            Source = new SourceRecord("none", "1", "none", null, "MIT", ""),
            Soundfont = "none",
            Seconds = 1,
            Start = 0,
            TempoMap = [],
            Parts = new Dictionary<string, IReadOnlyList<PartRecord>>(),
            GainsDb = new Dictionary<string, double>(),
            Families = families.ToDictionary(family => family.Family, family => (IReadOnlyList<string>)family.Roles),
        }.Save(folder);
    }
}
