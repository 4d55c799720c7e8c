namespace StemJepa.Training.Corpora;

/// <summary>
/// Renders songs into a corpus folder. A song is rendered under <c>.partial</c> and moved into its split when it is complete, so all songs
/// in <c>train</c> and <c>test</c> are complete. Thread-safe for different songs.
/// </summary>
/// <param name="corpus">The corpus folder.</param>
/// <param name="families">True to write instrument families too, which does not change the four stems.</param>
internal sealed class SongRenderer(string corpus, bool families = false)
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
            FamilyStems? parts = families ? new FamilyStems(song, plan) : null;
            RenderedSong rendered = await Task.Run(() => RenderStemsAsync(song, plan, parts, cancel), cancel);
            if (rendered.Fault() is { } fault) return $"{plan.Name}: {fault}.";
            if (song.IsTest || song.Labels is null) Save(Path.Combine(partial, CorpusSong.FileOf(null)), rendered.Mixture);
            foreach ((Stem stem, short[] samples) in rendered.Stems) Save(Path.Combine(partial, CorpusSong.FileOf(stem)), samples);
            SongRecord record = SongDescription.Create(song, plan, (double)rendered.Mixture.Length / Fluidsynth.OutputRate);
            (record with { Families = parts?.Save(partial, rendered) }).Save(partial);
            string folder = FolderOf(song.Split, plan.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            Directory.Move(partial, folder);
            return null;
        }
        finally
        {
            if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        }
    }

    private static async Task<RenderedSong> RenderStemsAsync(SourceSong song, RenderPlan plan, FamilyStems? families,
        CancellationToken cancel)
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
            Dictionary<string, float[]>? parts = families is not null && FamilyStems.IsRefined(stem) ? [] : null;
            float[] samples = StemSynthesis.Render(song, stem, plan, cancel, parts);
            if (plan.Sung is not null && stem == Stem.Other) accompaniment = Loudness.Compute(samples);
            float gain = GainOf(plan, stem);
            if (plan.EqualLoudness) gain /= Loudness.Compute(samples);
            for (int i = 0; i < samples.Length; i++) samples[i] *= gain;
            stems[stem] = samples;
            families?.Add(parts ?? [], gain);
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

    /// <summary>Writes samples at 16 kHz.</summary>
    internal static void Save(string path, short[] samples) =>
        new AudioClip(Array.ConvertAll(samples, s => s / 32768f), Fluidsynth.OutputRate).Save(path);
}
