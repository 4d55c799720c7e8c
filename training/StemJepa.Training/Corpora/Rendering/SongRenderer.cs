namespace StemJepa.Training.Corpora;

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

    /// <summary>The folder of a finished song.</summary>
    public string FolderOf(string split, string name) => Path.Combine(corpus, split, name);

    /// <summary>Renders one song, without a mixture if it is a composed training song; returns the sentence that says why it is not in the corpus (a stem came out silent), or null.</summary>
    /// <exception cref="StemJepaException">The soundfont or the MIDI cannot be played.</exception>
    public async Task<string?> RenderAsync(SourceSong song, RenderPlan plan, CancellationToken cancel)
    {
        string partial = Path.Combine(corpus, PartialFolder, plan.Name);
        Directory.CreateDirectory(partial);
        try
        {
            RenderedSong rendered = await Task.Run(() => RenderStems(song, plan, cancel), cancel);
            if (rendered.Fault() is { } fault) return $"{plan.Name}: {fault}.";
            if (song.IsTest || song.Labels is null) Save(Path.Combine(partial, FileOf(null)), rendered.Mixture);
            foreach ((Stem stem, short[] samples) in rendered.Stems) Save(Path.Combine(partial, FileOf(stem)), samples);
            SongDescription.Of(song, plan, (double)rendered.Mixture.Length / Fluidsynth.OutputRate).Save(partial);
            string folder = FolderOf(song.Split, plan.Name);
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

    private static RenderedSong RenderStems(SourceSong song, RenderPlan plan, CancellationToken cancel)
    {
        var stems = new Dictionary<Stem, float[]>();
        foreach (Stem stem in Enum.GetValues<Stem>())
        {
            float[] samples = StemSynthesis.Render(song, stem, plan, cancel);
            float gain = MathF.Pow(10, (float)plan.GainsDb.GetValueOrDefault(stem) / 20);
            if (plan.EqualLoudness) gain /= Loudness.Of(samples);
            for (int i = 0; i < samples.Length; i++) samples[i] *= gain;
            stems[stem] = samples;
        }
        int longest = (int)((SongDescription.SecondsAt(song.Midi, plan, plan.EndTick) + StemMidi.TailSeconds) * Fluidsynth.OutputRate);
        return RenderedSong.Mix(stems, longest);
    }

    private static void Save(string path, short[] samples) =>
        new AudioClip(Array.ConvertAll(samples, s => s / 32768f), Fluidsynth.OutputRate).Save(path);
}
