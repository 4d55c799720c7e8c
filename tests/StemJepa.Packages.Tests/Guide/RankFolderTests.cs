using StemJepa.TestSupport;

namespace StemJepa.Packages.Tests.Guide;

/// <summary>The examples of docs/guide/rank-a-folder.md. Oracle: <c>Rank</c> of clips.</summary>
public sealed class RankFolderTests(GoldenModel golden) : IClassFixture<GoldenModel>
{
    [Fact]
    public async Task A_folder_is_ranked_as_its_clips_are()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Golden.PathOf("mix.wav"), folder.PathOf("mix.wav"));
        File.Copy(Golden.PathOf("vocals.wav"), folder.PathOf("vocals.wav"));
        IStemAffinity model = golden.Affinity;
        string mixPath = Golden.PathOf("mix.wav"), loops = folder.Root;

        // Example: rank
        string[] files = [.. Directory.EnumerateFiles(loops, "*", SearchOption.AllDirectories).Where(AudioFile.HasAudioExtension).Order()];
        StemEmbedding prediction = model.Predict(mixPath, Stem.Bass);

        var embeddings = new List<StemEmbedding>();
        await foreach (StemEmbedding embedding in model.EmbedManyAsync(files))
            embeddings.Add(embedding);

        foreach (RankedStem ranked in model.Rank(prediction, embeddings).Take(10))
            Console.WriteLine($"{ranked.Affinity:0.000} {files[ranked.Index]}");
        // end of example

        AudioClip[] clips = [.. files.Select(AudioClip.Load)];
        Assert.Equal(model.Rank(clips[0], clips, Stem.Bass), model.Rank(prediction, embeddings));
        GuidePage.AssertShows("rank-a-folder.md", "rank");
    }

    [Fact]
    public void Kept_embeddings_rank_as_new_ones()
    {
        using var folder = new TemporaryFolder();
        IStemAffinity model = golden.Affinity;
        AudioClip bass = GoldenModel.Clip("vocals.wav");
        string kept = folder.PathOf("bass.npy");

        // Example: keep
        model.Embed(bass).Save(kept);
        StemEmbedding embedding = StemEmbedding.Load(kept);
        // end of example

        Assert.Equal(1, model.Embed(bass).Similarity(embedding), 1e-5);
        Assert.Equal(bass.Duration, embedding.Duration);
        GuidePage.AssertShows("rank-a-folder.md", "keep");
    }

    [Fact]
    public void Loops_are_ranked_in_time()
    {
        IStemAffinity model = golden.Affinity;
        AudioClip mix = GoldenModel.Clip("mix.wav");
        AudioClip[] loops = [mix, GoldenModel.Clip("vocals.wav")];

        // Example: in time
        IReadOnlyList<RankedStem> inTime = model.Rank(mix, loops, Stem.Bass, AffinityComparison.InTime);
        // end of example

        Assert.All(inTime, ranked =>
            Assert.Equal(model.Affinity(mix, loops[ranked.Index], Stem.Bass, AffinityComparison.InTime), ranked.Affinity, 1e-5));
        GuidePage.AssertShows("rank-a-folder.md", "in time");

        // Example: coherence
        IReadOnlyList<float> scores = new StemCoherence(model).Score(mix, loops, Stem.Bass);
        // end of example

        Assert.All(inTime, ranked => Assert.InRange(scores[ranked.Index] - ranked.Affinity, -0.401f, 0.401f));
        GuidePage.AssertShows("rank-a-folder.md", "coherence");
    }
}
