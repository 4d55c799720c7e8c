using StemJepa.TestSupport;

namespace StemJepa.Analysis.Tests;

/// <summary>Alignment with the golden model against what follows from embeddings that are asked for one by one.</summary>
public sealed class AlignTests : IDisposable
{
    private readonly StemAffinity _affinity = StemAffinity.Load(GoldenModel.Folder, new StemAffinityOptions { Threads = 2 });

    public void Dispose() => _affinity.Dispose();

    /// <summary>The oracle is the correlation of the patches of one pass over each recording.</summary>
    [Fact]
    public void Curve_is_the_affinity_of_patches_at_every_shift()
    {
        AudioClip mix = GoldenModel.Music(15 * 16000 + 333, 1), candidate = GoldenModel.Music(11 * 16000, 2);
        PatchSequence predicted = new(), own = new();
        _affinity.Predict(mix.OpenReader(), Stem.Bass, predicted);
        _affinity.Embed(candidate.OpenReader(), own);
        ShiftCurve expected = PatchCorrelation.Compute(predicted, own);
        StemAlignment alignment = _affinity.Align(mix, candidate, Stem.Bass);
        Assert.Equal(expected.SecondsOf(0), alignment.FirstShift.TotalSeconds, 1e-6);
        Assert.Equal(expected.Values, alignment.Curve.ToArray());
    }

    /// <summary>The oracle is the features of each recording at the model's rate.</summary>
    [Theory, InlineData("other"), InlineData("drums")]
    public void Features_are_extracted_beside_the_patches(string name)
    {
        var stem = Stem.Parse(name);
        AudioClip mix = GoldenModel.Music(9 * 44100, 1, 44100), candidate = GoldenModel.Music(6 * 16000, 2);
        float[] left = AlignmentFeatures.Compute(mix.Resample(16000).Samples.Span),
            right = AlignmentFeatures.Compute(candidate.Samples.Span);
        StemAlignment alignment = _affinity.Align(mix, candidate, stem);
        ShiftCurve expected =
            CanonicalCorrelation.Compute(left, TimePatches(mix), right, TimePatches(candidate), CanonicalDirections.Shipped.For(stem));
        Assert.Equal(4 * (alignment.Curve.Length - 1) + 1, alignment.CorrelationCurve.Length);
        Assert.Equal(expected.SecondsOf(0), alignment.FirstShift.TotalSeconds, 1e-6);
        Assert.All(expected.Values.Zip(alignment.CorrelationCurve.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void Damaged_recordings_are_refused_by_what_they_are()
    {
        AudioClip music = GoldenModel.Music(16000, 1), empty = new(Array.Empty<float>(), 16000);
        float[] spoilt = music.Samples.ToArray();
        spoilt[5] = float.NaN;
        Assert.StartsWith("The mix",
            Assert.Throws<StemJepaException>(() => _affinity.Align(new AudioClip(spoilt, 16000), music, Stem.Bass)).Message);
        Assert.StartsWith("The candidate", Assert.Throws<StemJepaException>(() => _affinity.Align(music, empty, Stem.Bass)).Message);
        Assert.Equal("candidate", Assert.Throws<ArgumentNullException>(() => _affinity.Align(music, null!, Stem.Bass)).ParamName);
    }

    [Fact]
    public async Task A_cancelled_token_ends_the_call()
    {
        AudioClip music = GoldenModel.Music(16000, 1);
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        Assert.ThrowsAny<OperationCanceledException>(() => _affinity.Align(music, music, Stem.Bass, cancellation.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _affinity.AlignAsync(music, music, Stem.Bass, cancellation.Token));
    }

    private int TimePatches(AudioClip clip)
    {
        var patches = new PatchSequence();
        _affinity.Embed(clip.OpenReader(), patches);
        return patches.Count;
    }
}
