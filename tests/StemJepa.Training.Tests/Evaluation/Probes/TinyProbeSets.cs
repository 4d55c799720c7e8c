using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Evaluation;

/// <summary>Data sets of a few short tones in the layouts in which they are distributed.</summary>
internal static class TinyProbeSets
{
    private const int Rate = 16000;

    /// <summary>A tone of a second in a file of this name; folders are made.</summary>
    public static void Tone(string path, double hertz = 440)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        new AudioClip(Enumerable.Range(0, Rate).Select(i => (float)(0.2 * Math.Sin(2 * Math.PI * hertz * i / Rate))).ToArray(),
            Rate).Save(path);
    }

    public static void Text(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>A song as the corpus command renders it: bass and drums of a second, with its record.</summary>
    public static void Rendered(string folder, string split, string name, string? key = null, double tempo = 120, string? genre = null,
        int program = 33)
    {
        string song = Path.Combine(folder, split, name);
        Tone(Path.Combine(song, CorpusSong.FileOf(Stem.Bass)), 110);
        Tone(Path.Combine(song, CorpusSong.FileOf(Stem.Drums)), 1000);
        double[] beats = [.. Enumerable.Range(0, 8).Select(i => i * 60 / tempo)];
        new SongRecord
        {
            Name = name,
            Song = name.Split('~')[0],
            Split = split,
            Source = new SourceRecord("none", "1", "/", null, "MIT", ""),
            Soundfont = "none",
            Seconds = 1,
            Start = 0,
            TempoMap = [new TempoRecord(0, tempo)],
            Metre = "4/4",
            Key = key,
            Parts = new Dictionary<string, IReadOnlyList<PartRecord>> { ["bass"] = [new PartRecord(1, "Bass", program, program)] },
            GainsDb = new Dictionary<string, double>(),
            GenreFamily = genre,
            Beats = key is null ? null : beats,
            Keys = key is null ? null : [new LabelRecord(0, key)],
        }.Save(song);
    }
}
