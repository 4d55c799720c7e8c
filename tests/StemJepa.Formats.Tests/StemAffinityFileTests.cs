using StemJepa.TestSupport;

namespace StemJepa.Formats.Tests;

/// <summary>The oracle is the same call on the decoded clip.</summary>
public sealed class StemAffinityFileTests(GoldenModel golden) : IClassFixture<GoldenModel>
{
    private static readonly string Mix = Golden.PathOf("mix.wav"), Vocals = Golden.PathOf("vocals.wav");

    private readonly StemAffinity _model = golden.Affinity;

    [Fact]
    public async Task Files_and_streams_give_the_bits_of_clips()
    {
        AudioClip mix = AudioClip.Load(Mix), vocals = AudioClip.Load(Vocals);
        float[] embedding = _model.Embed(vocals).Vector.ToArray(), prediction = _model.Predict(mix, Stem.Bass).Vector.ToArray();
        Assert.Equal(embedding, _model.Embed(Vocals).Vector.ToArray());
        Assert.Equal(embedding, (await _model.EmbedAsync(Vocals)).Vector.ToArray());
        using FileStream stream = File.OpenRead(Vocals);
        Assert.Equal(embedding, _model.Embed(stream, "vocals").Vector.ToArray());
        Assert.Equal(prediction, _model.Predict(Mix, Stem.Bass).Vector.ToArray());
        Assert.Equal(prediction, (await _model.PredictAsync(Mix, Stem.Bass)).Vector.ToArray());
        foreach (AffinityComparison comparison in Enum.GetValues<AffinityComparison>())
            Assert.Equal(_model.Affinity(mix, vocals, Stem.Vocals, comparison), _model.Affinity(Mix, Vocals, Stem.Vocals, comparison));
        List<StemEmbedding> many = await _model.EmbedManyAsync([Vocals, Mix, Vocals]).ToListAsync();
        Assert.Equal([embedding, _model.Embed(mix).Vector.ToArray(), embedding], many.Select(one => one.Vector.ToArray()));
    }

    [Fact]
    public async Task A_missing_file_is_told_as_such()
    {
        Assert.Equal(StemJepaErrorKind.NotFound, Assert.Throws<StemJepaException>(() => _model.Embed("none.wav")).Kind);
        Assert.Equal(StemJepaErrorKind.NotFound, Assert.Throws<StemJepaException>(() => _model.Affinity(Mix, "none.wav", Stem.Bass)).Kind);
        await Assert.ThrowsAsync<StemJepaException>(async () => await _model.EmbedManyAsync([Mix, "none.wav"]).ToListAsync());
    }
}
