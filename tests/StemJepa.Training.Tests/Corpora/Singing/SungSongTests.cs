using StemJepa.Training.Corpora;

namespace StemJepa.Training.Tests.Corpora;

/// <summary>Oracle: the same song with an instrument for its lead.</summary>
public sealed class SungSongTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stemjepa-sung-song-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [FactWithFestival]
    public async Task Only_the_lead_is_sung_and_the_record_names_the_singer()
    {
        SourceSong song = SungSketch.Song();
        SungVoice voice = SungVoice.All[4];
        RenderPlan plan = SungSketch.Plan(song,
            SungSketch.Lead(voice) with { Backing = [new BackingVoice(2, -9, 1, SungVoice.All[1], 1.1)] }) with { EqualLoudness = true };
        (SongRecord played, Dictionary<string, float[]> instruments) = await RenderAsync(song, plan with { Name = "played", Sung = null });
        (SongRecord sung, Dictionary<string, float[]> voices) = await RenderAsync(song, plan with { Name = "sung" });
        Assert.Null(played.Singer);
        Assert.Equal((voice.Name, "festvox-suopuhe-lj", "LGPL-2.0-or-later", "words"), (sung.Singer!.Voice, sung.Singer.Package,
            sung.Singer.Licence, sung.Singer.Lyrics));
        Assert.Equal("ked_diphone +2 steps -9.0 dB", Assert.Single(sung.Singer.Backing));
        Assert.DoesNotContain("singer", await File.ReadAllTextAsync(Path.Combine(_folder, "train", "played", SongRecord.FileName)));
        Assert.True(Similarity(instruments["other"], voices["other"]) > 0.999);
        Assert.True(Math.Abs(Similarity(instruments["vocals"], voices["vocals"])) < 0.5);
        Assert.Equal(instruments["vocals"].Length, voices["vocals"].Length);
    }

    [FactWithFestival]
    public async Task Choirs_sing_the_notes_of_the_score()
    {
        SourceSong song = SungSketch.Song();
        SampledVoice choir = SampledVoice.Choirs(SoundFont.TimGm6Mb)[0];
        RenderPlan plan = SungSketch.Plan(song, SungSketch.Lead(SungVoice.All[0]) with { Sampled = choir });
        float[] first = await Singer.SingAsync(song, plan, plan.Sung!, CancellationToken.None);
        Assert.Equal(first, await Singer.SingAsync(song, plan, plan.Sung!, CancellationToken.None));
        foreach (IReadOnlyList<SungNote> phrase in LeadLine.Phrases(LeadLine.From(song, plan)))
        {
            float during = first.AsSpan((int)(phrase[0].Start * 16000), 24000).ToArray().Max(Math.Abs);
            Assert.True(during > 0.02, $"The phrase at {phrase[0].Start} s is silent: peak {during}.");
        }
        Assert.Equal("TimGM6mb 0:52", SingerRecord.From(plan.Sung!).Voice);
    }

    private async Task<(SongRecord Record, Dictionary<string, float[]> Stems)> RenderAsync(SourceSong song, RenderPlan plan)
    {
        Assert.Null(await new SongRenderer(_folder).RenderAsync(song, plan, CancellationToken.None));
        string folder = Path.Combine(_folder, "train", plan.Name);
        return (SongRecord.Load(folder), new[] { "other", "vocals" }.ToDictionary(n => n, n =>
            AudioClip.Load(Path.Combine(folder, n + ".wav")).Samples.ToArray()));
    }

    private static double Similarity(float[] first, float[] second) =>
        first.Zip(second, (a, b) => (double)a * b).Sum() / Math.Sqrt(first.Sum(a => (double)a * a) * second.Sum(b => (double)b * b));
}
