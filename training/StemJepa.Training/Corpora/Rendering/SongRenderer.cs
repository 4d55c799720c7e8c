namespace StemJepa.Training.Corpora;

/// <summary>
/// Renders songs into a corpus folder. A song is rendered under <c>.partial</c> and moved into its split when it is complete, so all songs
/// in <c>train</c> and <c>test</c> are complete. Thread-safe for different songs.
/// </summary>
/// <param name="corpus">The corpus folder.</param>
internal sealed class SongRenderer(string corpus)
{
    /// <summary>Name of the folder of unfinished songs.</summary>
    public const string PartialFolder = ".partial";

    /// <summary>Returns the folder of a finished song.</summary>
    public string FolderOf(string split, string name) => Path.Combine(corpus, split, name);

    /// <summary>
    /// Renders one song; a composed training song gets no mixture. Returns null, or one sentence that says why the song is not in the
    /// corpus (a stem is nearly silent).
    /// </summary>
    /// <exception cref="StemJepaException">The soundfont or the MIDI cannot be played.</exception>
    public async Task<string?> RenderAsync(SourceSong song, RenderPlan plan, CancellationToken cancel)
    {
        string partial = Path.Combine(corpus, PartialFolder, plan.Name);
        Directory.CreateDirectory(partial);
        try
        {
            RenderedSong rendered = await Task.Run(() => RenderStemsAsync(song, plan, cancel), cancel);
            if (rendered.Fault() is { } fault) return $"{plan.Name}: {fault}.";
            if (song.IsTest || song.Labels is null) Save(Path.Combine(partial, CorpusSong.FileOf(null)), rendered.Mixture);
            foreach ((Stem stem, short[] samples) in rendered.Stems) Save(Path.Combine(partial, CorpusSong.FileOf(stem)), samples);
            SongDescription.Create(song, plan, (double)rendered.Mixture.Length / Fluidsynth.OutputRate).Save(partial);
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

    private static async Task<RenderedSong> RenderStemsAsync(SourceSong song, RenderPlan plan, CancellationToken cancel)
    {
        var stems = new Dictionary<Stem, float[]>();
        float accompaniment = 1;
        foreach (Stem stem in Stem.Roles)
        {
            if (plan.Sung is { } sung && stem == Stem.Vocals)
            {
                stems[stem] = await SingAsync(song, plan, sung, accompaniment, cancel);
                continue;
            }
            float[] samples = StemSynthesis.Render(song, stem, plan, cancel);
            if (plan.Sung is not null && stem == Stem.Other) accompaniment = Loudness.Compute(samples);
            float gain = GainOf(plan, stem);
            if (plan.EqualLoudness) gain /= Loudness.Compute(samples);
            for (int i = 0; i < samples.Length; i++) samples[i] *= gain;
            stems[stem] = samples;
        }
        int longest = (int)((SongDescription.SecondsAt(song.Midi, plan, plan.EndTick) + StemMidi.TailSeconds) * Fluidsynth.OutputRate);
        return RenderedSong.Mix(stems, longest);
    }

    /// <summary>What is sung is as loud as the accompaniment, give or take some decibels, since no sequencer has set its level.</summary>
    private static async Task<float[]> SingAsync(SourceSong song, RenderPlan plan, SungLead sung, float accompaniment,
        CancellationToken cancel)
    {
        float[] samples = await Singer.SingAsync(song, plan, sung, cancel);
        float level = plan.EqualLoudness ? 1 : accompaniment * MathF.Pow(10, (float)sung.LevelDb / 20);
        float gain = GainOf(plan, Stem.Vocals) * level / Loudness.Compute(samples);
        for (int i = 0; i < samples.Length; i++) samples[i] *= gain;
        return samples;
    }

    private static float GainOf(RenderPlan plan, Stem stem) => MathF.Pow(10, (float)plan.GainsDb.GetValueOrDefault(stem) / 20);

    private static void Save(string path, short[] samples) =>
        new AudioClip(Array.ConvertAll(samples, s => s / 32768f), Fluidsynth.OutputRate).Save(path);
}
