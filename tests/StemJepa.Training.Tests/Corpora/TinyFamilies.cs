using System.Text.Json;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Instrument families of songs that tests write by hand.</summary>
internal static class TinyFamilies
{
    /// <summary>
    /// Writes <c>song.json</c> with families and their roles into a song's folder, and the files of those that have samples.
    /// </summary>
    public static void Write(string folder, params (string Family, string[] Roles, float[]? Samples)[] families)
    {
        foreach ((string family, _, float[]? samples) in families.Where(family => family.Samples is not null))
        {
            string path = SongFamilies.PathIn(folder, family);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            new AudioClip(samples, 16000).Save(path);
        }
        File.WriteAllText(Path.Combine(folder, SongProperties.RecordFile), JsonSerializer.Serialize(new
        {
            families = families.ToDictionary(family => family.Family, family => family.Roles),
        }));
    }
}
