using StemJepa.Training.Corpora;
using Xunit.Abstractions;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Oracle: the score. The pitch that sounds is measured by normalised autocorrelation, the onset by the envelope.</summary>
public sealed class SingerTests(ITestOutputHelper output)
{
    private const int Rate = Fluidsynth.OutputRate;

    [FactWithFestival]
    public async Task Every_voice_holds_the_pitches_of_the_score()
    {
        SourceSong song = SungSketch.Song(beats: 25);
        foreach (SungVoice voice in SungVoice.All)
        {
            foreach (double formant in new[] { 0.875, 1.2 })
            {
                RenderPlan plan = SungSketch.Plan(song, SungSketch.Lead(voice) with { Formant = formant, VibratoCents = 25,
                    ScoopShare = 0.2, DriftCents = 5 });
                await AssertPitches(song, plan, FormattableString.Invariant($"{voice.Name}, formants times {formant}"));
            }
        }
    }

    [FactWithSpeakers]
    public async Task Every_speaker_holds_the_pitches_of_the_score()
    {
        SourceSong song = SungSketch.Song(beats: 25);
        foreach (SpokenVoice voice in SpokenVoice.All)
        {
            RenderPlan plan = SungSketch.Plan(song, SungSketch.Lead(SungVoice.All[0]) with { Spoken = voice, VibratoCents = 25,
                ScoopShare = 0.2, DriftCents = 5 });
            await AssertPitches(song, plan, voice.Name);
        }
    }

    private async Task AssertPitches(SourceSong song, RenderPlan plan, string name)
    {
        float[] sung = await Singer.SingAsync(song, plan, plan.Sung!, CancellationToken.None);
        double[] errors = [.. LeadLine.From(song, plan).SelectMany(note => PitchErrors(sung, note))];
        double right = (double)errors.Count(e => Math.Abs(e) <= 0.5) / errors.Length;
        double median = errors.Order().ElementAt(errors.Length / 2);
        output.WriteLine($"{name}: {right:P1} of {errors.Length} frames within half a semitone, median {median:0.00}");
        Assert.True(right > 0.9, $"{name}: {right:P1} of {errors.Length} frames are within half a semitone.");
    }

    [FactWithFestival]
    public async Task Phrases_begin_where_their_first_notes_do()
    {
        SourceSong song = SungSketch.Song();
        foreach (SungVoice voice in SungVoice.All)
        {
            RenderPlan plan = SungSketch.Plan(song, SungSketch.Lead(voice) with { Lyrics = Lyrics.Vowels, Formant = 1.1 });
            float[] sung = await Singer.SingAsync(song, plan, plan.Sung!, CancellationToken.None);
            double[] late = [.. LeadLine.Phrases(LeadLine.From(song, plan)).Skip(1).Select(p => OnsetNear(sung, p[0].Start) - p[0].Start)];
            output.WriteLine($"{voice.Name}: {string.Join(' ', late.Select(l => $"{l * 1000:0}"))} ms");
            Assert.All(late, l => Assert.InRange(l, -0.05, 0.05));
        }
    }

    [FactWithSpeakers]
    public async Task Phrases_of_speakers_begin_where_their_first_notes_do()
    {
        SourceSong song = SungSketch.Song();
        foreach (SpokenVoice voice in SpokenVoice.All)
        {
            RenderPlan plan = SungSketch.Plan(song, SungSketch.Lead(SungVoice.All[0]) with { Spoken = voice });
            float[] sung = await Singer.SingAsync(song, plan, plan.Sung!, CancellationToken.None);
            double[] late = [.. LeadLine.Phrases(LeadLine.From(song, plan)).Skip(1).Select(p => OnsetNear(sung, p[0].Start) - p[0].Start)];
            output.WriteLine($"{voice.Name}: {string.Join(' ', late.Select(l => $"{l * 1000:0}"))} ms");
            Assert.All(late, l => Assert.InRange(l, -0.15, 0.1));
        }
    }

    [FactWithFestival]
    public async Task The_same_plan_sounds_the_same_and_another_seed_does_not()
    {
        SourceSong song = SungSketch.Song();
        SungLead lead = SungSketch.Lead(SungVoice.All[2]) with
        {
            VibratoCents = 40, ScoopShare = 0.5, DriftCents = 10, SlurShare = 0.2, BreathDb = -20, SibilanceDb = -15, TiltDb = 4,
            Compression = 4,
            DelaySeconds = 0.2, DelayDb = -12, PlateSeconds = 1.5, PlateDb = -12,
            Backing = [new BackingVoice(2, -8, 0.7, SungVoice.All[0], 1.1), new BackingVoice(7, -8, 1, SungVoice.All[2], 1)],
        };
        float[] first = await Singer.SingAsync(song, SungSketch.Plan(song, lead), lead, CancellationToken.None);
        float[] again = await Singer.SingAsync(song, SungSketch.Plan(song, lead), lead, CancellationToken.None);
        Assert.Equal(first, again);
        Assert.All(first, s => Assert.True(float.IsFinite(s)));
        Assert.NotEqual(first, await Singer.SingAsync(song, SungSketch.Plan(song, lead with { Seed = "other" }),
            lead with { Seed = "other" }, CancellationToken.None));
    }

    [FactWithSpeakers]
    public async Task A_speaker_sings_the_same_again_and_other_words_with_another_seed()
    {
        SourceSong song = SungSketch.Song();
        SungLead lead = SungSketch.Lead(SungVoice.All[0]) with { Spoken = SpokenVoice.All[0], VibratoCents = 20 };
        float[] first = await Singer.SingAsync(song, SungSketch.Plan(song, lead), lead, CancellationToken.None);
        Assert.Equal(first, await Singer.SingAsync(song, SungSketch.Plan(song, lead), lead, CancellationToken.None));
        SungLead other = lead with { Seed = "other" };
        Assert.NotEqual(first, await Singer.SingAsync(song, SungSketch.Plan(song, other), other, CancellationToken.None));
    }

    [FactWithFestival]
    public async Task Festival_sings_whatever_is_drawn()
    {
        const int Seed = 7;
        var random = new Random(Seed);
        output.WriteLine($"seed {Seed}");
        var utterances = new List<SungUtterance>();
        for (int i = 0; i < 48; i++)
        {
            SungVoice voice = SungVoice.All[i % SungVoice.All.Count];
            RenderPlan plan = RenderPlan.Original(SungSketch.Song().Midi, Seed) with { Name = $"song {i}", Transpose = random.Next(-6, 7) };
            SungLead lead = SungLead.Draw(plan, plan.SoundFont, share: 1, [], spoken: 0, Seed)! with { Voice = voice };
            var notes = new List<SungNote>();
            for (double at = 3 * random.NextDouble(); notes.Count < 20;)
            {
                double seconds = 0.05 + (random.Next(4) == 0 ? 2 : 0.3) * random.NextDouble();
                notes.Add(new SungNote(notes.Count, at, at + seconds, random.Next(20, 110), random.Next(1, 128)));
                at += seconds + (random.Next(5) == 0 ? 0.4 : 0);
            }
            utterances.AddRange(LeadLine.Around(LeadLine.Phrases(notes), voice.Centre + 12 * Math.Log2(lead.Formant), 0)
                .Select(p => SungPhrase.Create(p, SungText.Create(p, voice.Language, lead), voice, lead.Formant,
                    new PitchCurve(p, lead, "lead")).Utterance));
        }
        Assert.All(utterances.SelectMany(u => u.Segments), s => Assert.True(s.Seconds > 0));
        IReadOnlyList<AudioClip> clips = await Festival.SingAsync(utterances, CancellationToken.None);
        double[] wrong = [.. utterances.Zip(clips, (u, c) => c.Duration.TotalSeconds - u.Segments.Sum(s => s.Seconds))];
        output.WriteLine($"{clips.Count} phrases, lengths wrong by {wrong.Min():0.000} to {wrong.Max():0.000} s");
        Assert.All(wrong, w => Assert.InRange(w, -0.05, 0.05));
    }

    /// <summary>Semitones between what sounds and what is written, octaves aside, every 20 ms of a note's middle.</summary>
    private static IEnumerable<double> PitchErrors(float[] sung, SungNote note)
    {
        for (double at = note.Start + 0.1; at < note.End - 0.12; at += 0.02)
        {
            double error = Pitch(sung.AsSpan((int)(at * Rate), 640)) - note.Pitch;
            yield return error - 12 * Math.Round(error / 12);
        }
    }

    private static double Pitch(ReadOnlySpan<float> frame)
    {
        int shortest = Rate / 650, longest = Rate / 75, size = frame.Length - longest;
        var similar = new double[longest + 2];
        for (int lag = shortest - 1; lag <= longest; lag++)
        {
            double product = 0, first = 1e-9, second = 1e-9;
            for (int i = 0; i < size; i++)
            {
                product += frame[i] * frame[i + lag];
                first += frame[i] * frame[i];
                second += frame[i + lag] * frame[i + lag];
            }
            similar[lag] = product / Math.Sqrt(first * second);
        }
        double best = similar.Max();
        int period = Enumerable.Range(shortest, longest - shortest).FirstOrDefault(l =>
            similar[l] > 0.9 * best && similar[l] >= similar[l - 1] && similar[l] >= similar[l + 1], shortest);
        double before = similar[period - 1], after = similar[period + 1];
        double peak = period + 0.5 * (before - after) / (before - 2 * similar[period] + after);
        return 69 + 12 * Math.Log2(Rate / peak / 440);
    }

    /// <summary>When the envelope first exceeds a fifth of its greatest value, within 0.3 s.</summary>
    private static double OnsetNear(float[] sung, double seconds)
    {
        const int Block = Rate / 200;
        int first = (int)((seconds - 0.3) * Rate);
        double[] levels = [.. Enumerable.Range(0, 120).Select(b => sung.Skip(first + b * Block).Take(Block).Max(Math.Abs))];
        return seconds - 0.3 + (double)Array.FindIndex(levels, l => l > 0.2 * levels.Max()) * Block / Rate;
    }
}
