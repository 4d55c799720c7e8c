using System.Numerics.Tensors;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Sings the lead of a song: its highest notes as words, syllables or vowels, with second voices, noise of breath, and effects. The same
/// song and plan give the same samples. Thread-safe.
/// </summary>
internal static class Singer
{
    private const double VoiceLevel = 0.1, FadeSeconds = 0.012, DoubleSeconds = 0.018, LevelDbPerVelocity = 0.08, LongNote = 0.4,
        MostSwellDb = 5, GainStep = 0.002;
    private const int OctaveSteps = 7, OctaveCentre = 9, GainBlock = 32;
    private const string LeadKey = "lead";

    /// <summary>Sings the lead of an excerpt; mono samples at 16 kHz from the song's
    /// start on.</summary>
    /// <exception cref="StemJepaException">festival fails, or a soundfont or a speaker's recording cannot be used.</exception>
    public static async Task<float[]> SingAsync(SourceSong song, ISongExcerpt plan, SungLead lead, CancellationToken cancel)
    {
        IReadOnlyList<IReadOnlyList<SungNote>> phrases = LeadLine.Phrases(LeadLine.From(song, plan));
        if (phrases.Count == 0) return [];
        var scale = new Lazy<SungScale>(() => SungScale.From(song.Midi.Parts.Where(p => !p.IsDrums).SelectMany(p => p.Notes)
            .Select(n => (n.Pitch + plan.Transpose + 12, (double)(n.End - n.Start)))));
        int moved = plan.Transpose - lead.Transpose;
        phrases = LeadLine.Around(phrases, Centre(lead, lead.Voice, lead.Formant), moved);
        List<Part> parts = [new(LeadKey, lead.Voice, lead.Formant, 0, phrases), .. lead.Backing.Index().Select(b =>
            Backing(b.Item, b.Index, phrases, lead, scale, moved))];
        int length = (int)((plan.SecondsAt(song.Midi, plan.EndTick) + Fluidsynth.TailSeconds) * Fluidsynth.OutputRate);
        float[] mixed = await MixAsync(parts, lead, length, cancel);
        VoiceEffects.Apply(mixed, lead);
        return mixed;
    }

    private static async Task<float[]> MixAsync(List<Part> parts, SungLead lead, int length, CancellationToken cancel)
    {
        var mixed = new float[length];
        if (lead.Sampled is { } sampled)
        {
            foreach (Part part in parts)
                Add(mixed, sampled.Sing([.. part.Phrases.Select(p => (p, new PitchCurve(p, lead, part.Key)))], cancel), part.LevelDb);
            return mixed;
        }
        if (lead.Spoken is { } spoken)
        {
            var spokenPhrases = parts.SelectMany(part => part.Phrases.Select(notes => (part, notes))).ToList();
            var sung = await spoken.SingAsync([.. spokenPhrases.Select(p =>
                (p.notes, new PitchCurve(p.notes, lead, p.part.Key), p.part.Formant))], lead.Seed, cancel);
            foreach (Part part in parts)
                Add(mixed, part, spokenPhrases.Zip(sung).Where(p => p.First.part == part)
                    .Select(p => (p.First.notes, p.Second.Samples, p.Second.Start)), lead.Seed);
            return mixed;
        }
        var phrases = parts.SelectMany(part => part.Phrases.Select(notes => (part, notes, Sung: SungPhrase.Create(
            notes, SungText.Create(notes, part.Voice.Language, lead), part.Voice, part.Formant,
                new PitchCurve(notes, lead, part.Key))))).ToList();
        IReadOnlyList<AudioClip> clips = await Festival.SingAsync([.. phrases.Select(p => p.Sung.Utterance)], cancel);
        foreach (Part part in parts)
        {
            Add(mixed, part, phrases.Zip(clips).Where(p => p.First.part == part).Select(p => (p.First.notes, Resampler.Resample(
                p.Second.Samples.Span, (int)Math.Round(p.Second.SampleRate * part.Formant), Fluidsynth.OutputRate),
                p.First.Sung.Start)), lead.Seed);
            if (part.Key == LeadKey) VoiceNoise.Add(mixed, lead, phrases.Where(p => p.part == part).Select(p => p.Sung).ToList(),
                part.Phrases);
        }
        return mixed;
    }

    /// <summary>Adds a part, of its phrases and where they start in the song, in seconds.</summary>
    private static void Add(float[] mixed, Part part,
        IEnumerable<(IReadOnlyList<SungNote> Notes, float[] Samples, double Start)> sung, string seed)
    {
        var voice = new float[mixed.Length];
        foreach ((IReadOnlyList<SungNote> notes, float[] samples, double start) in sung)
            Place(voice, samples, start, notes, seed);
        Add(mixed, voice, part.LevelDb);
    }

    /// <summary>Adds a phrase to a voice, as loud as its notes' velocities say.</summary>
    private static void Place(float[] voice, float[] samples, double seconds, IReadOnlyList<SungNote> notes, string seed)
    {
        int start = (int)Math.Round(seconds * Fluidsynth.OutputRate), note = 0;
        double[] swells = [.. notes.Select(n => Swell(n, seed))];
        double fade = 1 / (FadeSeconds * Fluidsynth.OutputRate), gain = Gain(notes[0], 0), target = gain;
        for (int i = 0; i < samples.Length; i++)
        {
            while (note + 1 < notes.Count && start + i >= notes[note + 1].Start * Fluidsynth.OutputRate) note++;
            if (i % GainBlock == 0)
            {
                double at = Math.Clamp(((double)(start + i) / Fluidsynth.OutputRate - notes[note].Start) / notes[note].Seconds, 0, 1);
                target = Gain(notes[note], swells[note] * at * (2 - at));
            }
            gain += GainStep * (target - gain);
            double edge = Math.Min(1, Math.Min(i, samples.Length - 1 - i) * fade);
            if (start + i >= 0 && start + i < voice.Length) voice[start + i] += (float)(gain * edge * samples[i]);
        }
    }

    private static double Gain(SungNote note, double decibels) =>
        Math.Pow(10, (LevelDbPerVelocity * (note.Velocity - 100) + decibels) / 20);

    /// <summary>Decibels by which a long note grows or fades.</summary>
    private static double Swell(SungNote note, string seed) =>
        note.Seconds < LongNote ? 0 : MostSwellDb * (2 * SeededRandom.For($"{seed}/swell/{note.Index}").NextDouble() - 1);

    private static void Add(float[] mixed, float[] voice, double levelDb)
    {
        float gain = (float)(VoiceLevel * Math.Pow(10, levelDb / 20)) / Loudness.Compute(voice);
        int length = Math.Min(mixed.Length, voice.Length);
        TensorPrimitives.MultiplyAdd(voice.AsSpan(0, length), gain, mixed.AsSpan(0, length), mixed.AsSpan(0, length));
    }

    private static Part Backing(BackingVoice backing, int index, IReadOnlyList<IReadOnlyList<SungNote>> phrases, SungLead lead,
        Lazy<SungScale> scale, int moved)
    {
        string key = FormattableString.Invariant($"backing{index}");
        IReadOnlyList<IReadOnlyList<SungNote>> sung = [.. phrases.Where(p =>
            SeededRandom.For($"{lead.Seed}/{key}/{p[0].Index}").Chance(backing.Share)).Select(p => Late(p, lead, key)
            .ConvertAll(n => n with { Pitch = n.Pitch + (backing.Steps == 0 ? 0 : scale.Value.Semitones((int)Math.Round(n.Pitch),
                backing.Steps)) }))];
        double own = Centre(lead, backing.Voice, backing.Formant);
        double octave = Centre(lead, SungVoice.All.MaxBy(v => v.Centre)!, backing.Formant);
        double centre = Math.Abs(backing.Steps) == OctaveSteps ? Math.Min(octave, own + OctaveCentre * Math.Sign(backing.Steps)) : own;
        return new Part(key, backing.Voice, backing.Formant, backing.LevelDb, LeadLine.Around(sung, centre, moved));
    }

    private static double Centre(SungLead lead, SungVoice voice, double formant) =>
        lead.Spoken?.Centre ?? (lead.Sampled is null ? voice.Centre + 12 * Math.Log2(formant) : SampledVoice.Centre);

    /// <summary>A second voice is not quite together with the first.</summary>
    private static List<SungNote> Late(IReadOnlyList<SungNote> phrase, SungLead lead, string key)
    {
        double late = DoubleSeconds * (2 * SeededRandom.For($"{lead.Seed}/{key}/late/{phrase[0].Index}").NextDouble() - 1);
        return [.. phrase.Select(n => n with { Start = n.Start + late, End = n.End + late })];
    }

    private sealed record Part(string Key, SungVoice Voice, double Formant, double LevelDb, IReadOnlyList<IReadOnlyList<SungNote>> Phrases);
}
