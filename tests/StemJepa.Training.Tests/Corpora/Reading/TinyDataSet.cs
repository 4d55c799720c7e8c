using System.Text.Json;
using CliWrap;
using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>
/// Songs of one second in the layouts of the data sets, each recording a tone of its own. Amplitudes are whole 16-bit steps.
/// </summary>
internal static class TinyDataSet
{
    public const int Rate = 16000;

    /// <summary>A sine tone of one second; amplitudes are rounded to 16 bits.</summary>
    public static float[] Tone(double hertz, double amplitude = 0.2, int rate = Rate) =>
        [.. Enumerable.Range(0, rate).Select(i => (float)Math.Round(32768 * amplitude * Math.Sin(2 * Math.PI * hertz * i / rate)) / 32768)];

    public static double HertzOf(Stem stem) => 110 * (1 + stem.Role);

    /// <summary>A folder with a WAV file for each of these stems.</summary>
    public static void MusdbHq(string song, int rate, params IEnumerable<Stem> stems)
    {
        foreach (Stem stem in stems)
            Save(Path.Combine(song, CorpusSong.FileOf(stem)), Tone(HertzOf(stem), rate: rate), rate);
    }

    /// <summary>An MP4 file with the audio streams mixture, drums, bass, other, vocals, or only the first of them.</summary>
    public static async Task MusdbStem(string path, int streams = 5)
    {
        string work = Directory.CreateTempSubdirectory("stemjepa-").FullName;
        double[] hertz = [1000, HertzOf(Stem.Drums), HertzOf(Stem.Bass), HertzOf(Stem.Other), HertzOf(Stem.Vocals)];
        var inputs = new List<string>();
        var maps = new List<string>();
        for (int i = 0; i < streams; i++)
        {
            string wav = Path.Combine(work, $"{i}.wav");
            Save(wav, Tone(hertz[i], rate: 44100), 44100);
            inputs.AddRange(["-i", wav]);
            maps.AddRange(["-map", $"{i}:a"]);
        }
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await Ffmpeg([.. inputs, .. maps, "-c:a", "aac", "-movflags", "+faststart", path]);
        Directory.Delete(work, recursive: true);
    }

    /// <summary>A song folder with <c>data.json</c> and a recording for each of these (stem, track type, samples).</summary>
    public static void Moises(string song, params (string Stem, string Type, float[] Samples)[] tracks)
    {
        Directory.CreateDirectory(song);
        var stems = tracks.Select((track, index) => (track, id: $"track-{index}")).GroupBy(item => item.track.Stem).Select(group => new
        {
            stemName = group.Key,
            tracks = group.Select(item => new { item.id, extension = "wav", trackType = item.track.Type, has_bleed = false }),
        }).ToArray();
        File.WriteAllText(
            Path.Combine(song, "data.json"), JsonSerializer.Serialize(new { song = "Song", artist = "Artist", genre = "rock", stems }));
        for (int i = 0; i < tracks.Length; i++)
            Save(Path.Combine(song, tracks[i].Stem, $"track-{i}.wav"), tracks[i].Samples, Rate);
    }

    /// <summary>
    /// A song folder with <c>metadata.yaml</c> and FLAC or WAV recordings of these (class, samples); without samples it is listed as not
    /// rendered.
    /// </summary>
    public static async Task Slakh(string song, string extension, params (string Class, float[]? Samples)[] stems)
    {
        Directory.CreateDirectory(Path.Combine(song, "stems"));
        string[] entries = [.. stems.Select((stem, index) => $"""
              S{index:00}:
                audio_rendered: {(stem.Samples is null ? "false" : "true")}
                inst_class: {stem.Class}
                integrated_loudness: -12.82074180245363
                is_drum: {(stem.Class == "Drums" ? "true" : "false")}
                midi_program_name: Whatever (it is)
                midi_saved: true
                plugin_name: None
                program_num: 30
            """)];
        File.WriteAllText(Path.Combine(song, "metadata.yaml"),
            $"UUID: 1a81ae092884234f3264e2f45927f00a\naudio_dir: stems\nnormalized: true\noverall_gain: 0.1827\n"
            + $"stems:\n{string.Join('\n', entries)}\ntarget_peak: -1.0\n");
        for (int i = 0; i < stems.Length; i++)
        {
            if (stems[i].Samples is not { } samples)
                continue;
            string path = Path.Combine(song, "stems", $"S{i:00}");
            Save(path + ".wav", samples, Rate);
            if (extension == ".wav")
                continue;
            await ToFlac(path + ".wav");
        }
    }

    /// <summary>Turns a WAV file into a FLAC file of the same name.</summary>
    public static async Task ToFlac(string wav)
    {
        await Ffmpeg("-i", wav, Path.ChangeExtension(wav, ".flac"));
        File.Delete(wav);
    }

    private static void Save(string path, float[] samples, int rate)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        new AudioClip(samples, rate).Save(path);
    }

    private static async Task Ffmpeg(params string[] arguments) =>
        await Cli.Wrap("ffmpeg").WithArguments(["-nostdin", "-y", "-loglevel", "error", .. arguments]).ExecuteAsync();
}
