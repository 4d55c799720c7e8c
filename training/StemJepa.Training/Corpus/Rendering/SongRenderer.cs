using StemJepa.Training.Corpus.Midi;
using StemJepa.Training.Corpus.Songs;

namespace StemJepa.Training.Corpus.Rendering;

/// <summary>
/// Renders songs into a corpus folder. A song is rendered under <c>.partial</c> and moved into its split when it is whole, so that whatever
/// is in <c>train</c> and <c>test</c> is complete. Thread-safe for different songs.
/// </summary>
/// <param name="corpus">The corpus folder.</param>
public sealed class SongRenderer(string corpus)
{
    /// <summary>Name of the folder of unfinished songs.</summary>
    public const string PartialFolder = ".partial";

    private const string MixtureName = "mixture";
    private static readonly string[] Keys = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];
    private static readonly Dictionary<char, int> Letters = new() { ['C'] = 0, ['D'] = 2, ['E'] = 4, ['F'] = 5, ['G'] = 7, ['A'] = 9, ['B'] = 11 };

    /// <summary>The folder that a plan's song is in when it is finished.</summary>
    public string FolderOf(SourceSong song, RenderPlan plan) => Path.Combine(corpus, song.Split, plan.Name);

    /// <summary>Renders one song; returns the sentence that says why it is not in the corpus (a stem came out silent), or null.</summary>
    /// <exception cref="StemJepaException">fluidsynth failed.</exception>
    public async Task<string?> RenderAsync(SourceSong song, RenderPlan plan, CancellationToken cancel)
    {
        string partial = Path.Combine(corpus, PartialFolder, plan.Name);
        Directory.CreateDirectory(partial);
        try
        {
            RenderedSong rendered = await RenderStems(song, plan, partial, cancel);
            if (rendered.Fault() is { } fault) return $"{plan.Name}: {fault}.";
            Save(Path.Combine(partial, FileOf(null)), rendered.Mixture);
            foreach ((Stem stem, short[] samples) in rendered.Stems) Save(Path.Combine(partial, FileOf(stem)), samples);
            Record(song, plan, (double)rendered.Mixture.Length / Fluidsynth.OutputRate).Save(partial);
            string folder = FolderOf(song, plan);
            Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
            Directory.Move(partial, folder);
            return null;
        }
        finally
        {
            if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        }
    }

    /// <summary>The file name of a role's audio.</summary>
    public static string FileOf(Stem? stem) => $"{(stem is { } s ? RoleName(s) : MixtureName)}.wav";

    /// <summary>The role's name in files: bass, drums, other, vocals.</summary>
    public static string RoleName(Stem stem) => stem.ToString().ToLowerInvariant();

    private static async Task<RenderedSong> RenderStems(SourceSong song, RenderPlan plan, string folder, CancellationToken cancel)
    {
        var stems = new Dictionary<Stem, float[]>();
        string midiPath = Path.Combine(folder, "stem.mid");
        foreach (Stem stem in Enum.GetValues<Stem>())
        {
            MidiFile midi = StemMidi.Build(song.Midi, p => song.Roles[p] == stem, plan);
            await File.WriteAllBytesAsync(midiPath, MidiWriter.Write(midi), cancel);
            float[] samples = await Fluidsynth.RenderAsync(midiPath, plan.SoundFont, plan.Reverb, plan.Chorus, cancel);
            float gain = MathF.Pow(10, (float)plan.GainsDb.GetValueOrDefault(stem) / 20);
            for (int i = 0; i < samples.Length; i++) samples[i] *= gain;
            stems[stem] = samples;
        }
        File.Delete(midiPath);
        int longest = (int)((SecondsAt(song.Midi, plan, plan.EndTick) + StemMidi.TailSeconds) * Fluidsynth.OutputRate);
        return RenderedSong.Mix(stems, longest);
    }

    private static void Save(string path, short[] samples) =>
        new AudioClip(Array.ConvertAll(samples, s => s / 32768f), Fluidsynth.OutputRate).Save(path);

    private static double SecondsAt(MidiSong song, RenderPlan plan, long tick) =>
        (song.Tempo.ToSeconds(tick) - song.Tempo.ToSeconds(plan.StartTick)) / plan.TempoFactor;

    private static SongRecord Record(SourceSong song, RenderPlan plan, double seconds) => new()
    {
        Name = plan.Name,
        Song = song.Name,
        Split = song.Split,
        Source = new SourceRecord(song.Source.Package, song.Source.Version, song.Source.Path, song.Source.Lump, song.Source.Licence, SourceSong.Hash(song.Source.Bytes)),
        Soundfont = plan.SoundFont.Name,
        Seconds = seconds,
        Start = Math.Round(song.Midi.Tempo.ToSeconds(plan.StartTick), 3),
        TempoMap = TempoMap(song.Midi, plan),
        Metre = song.Midi.Metre,
        Key = Transposed(song.Midi.Key, plan.Transpose),
        Parts = song.Roles.Where(r => !r.Key.IsDrums).GroupBy(r => r.Value).ToDictionary(g => RoleName(g.Key), g => (IReadOnlyList<PartRecord>)[.. g.Select(r => new PartRecord(r.Key.Channel + 1, r.Key.TrackName, r.Key.Program, plan.Programs[r.Key]))]),
        DrumKit = plan.DrumKit,
        Transpose = plan.Transpose,
        TempoFactor = plan.TempoFactor,
        GainsDb = plan.GainsDb.ToDictionary(g => RoleName(g.Key), g => Math.Round(g.Value, 3)),
        Reverb = plan.Reverb,
        Chorus = plan.Chorus,
        Seed = plan.Seed,
    };

    private static List<TempoRecord> TempoMap(MidiSong song, RenderPlan plan)
    {
        var map = new List<TempoRecord>();
        foreach (TempoChange change in song.Tempo.Changes.Where(c => c.Tick < plan.EndTick))
        {
            double seconds = Math.Max(0, SecondsAt(song, plan, change.Tick));
            if (map.Count > 0 && map[^1].Seconds == seconds) map.RemoveAt(map.Count - 1);
            map.Add(new TempoRecord(Math.Round(seconds, 4), Math.Round(60e6 / change.MicrosecondsPerQuarter * plan.TempoFactor, 3)));
        }
        return map;
    }

    private static string? Transposed(string? key, int semitones)
    {
        if (key is null || semitones == 0) return key;
        string[] words = key.Split(' ');
        int pitch = Letters[words[0][0]] + (words[0].EndsWith('#') ? 1 : words[0].EndsWith('b') ? -1 : 0);
        return $"{Keys[(pitch + semitones + 24) % 12]} {words[1]}";
    }
}
