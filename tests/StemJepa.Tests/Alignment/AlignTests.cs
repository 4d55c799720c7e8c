using StemJepa.Tests.Inference;

namespace StemJepa.Tests.Alignment;

/// <summary>Alignment with the golden model against what follows from embeddings that are asked for one by one.</summary>
public sealed class AlignTests : IDisposable
{
    private const int PatchSamples = 2560;

    private readonly StemAffinity _affinity = StemAffinity.Load(GoldenModel.Folder, new StemAffinityOptions { Threads = 2 });

    public void Dispose() => _affinity.Dispose();

    /// <summary>The curve is that of patches averaged over ten recordings, which begin with 0, 5, 10 ... 45 patches of silence that is taken off again.</summary>
    [Fact]
    public void Windows_are_cut_in_ten_ways()
    {
        AudioClip mix = GoldenModel.Music(15 * 16000 + 333, 1), candidate = GoldenModel.Music(11 * 16000, 2);
        ShiftCurve expected = PatchCorrelation.Of(
            Averaged(mix, clip => _affinity.PredictPatches(clip, Stem.Bass).Patches), Averaged(candidate, clip => _affinity.EmbedPatches(clip).Patches));
        StemAlignment alignment = _affinity.Align(mix, candidate, Stem.Bass);
        Assert.Equal(expected.SecondsOf(0), alignment.FirstShift, 1e-9);
        Assert.Equal(expected.Values.Length, alignment.Curve.Length);
        Assert.All(expected.Values.Zip(alignment.Curve.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    /// <summary>The oracle is the features of each recording at the model's rate.</summary>
    [Theory, InlineData(Stem.Other), InlineData(Stem.Drums)]
    public void Features_are_heard_beside_the_patches(Stem stem)
    {
        AudioClip mix = GoldenModel.Music(9 * 44100, 1, 44100), candidate = GoldenModel.Music(6 * 16000, 2);
        float[] left = AlignmentFeatures.Of(mix.Resample(16000).Samples.Span), right = AlignmentFeatures.Of(candidate.Samples.Span);
        StemAlignment alignment = _affinity.Align(mix, candidate, stem);
        ShiftCurve expected = CanonicalCorrelation.Of(left, _affinity.EmbedPatches(mix).Patches.Count, right, _affinity.EmbedPatches(candidate).Patches.Count, CanonicalDirections.Shipped.Of(stem));
        Assert.Equal(4 * (alignment.Curve.Length - 1) + 1, alignment.CorrelationCurve.Length);
        Assert.Equal(expected.SecondsOf(0), alignment.FirstShift, 1e-9);
        Assert.All(expected.Values.Zip(alignment.CorrelationCurve.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void Damaged_recordings_are_refused_by_what_they_are()
    {
        AudioClip music = GoldenModel.Music(16000, 1), empty = new(Array.Empty<float>(), 16000);
        float[] spoilt = music.Samples.ToArray();
        spoilt[5] = float.NaN;
        Assert.StartsWith("The mix", Assert.Throws<StemJepaException>(() => _affinity.Align(new AudioClip(spoilt, 16000), music, Stem.Bass)).Message);
        Assert.StartsWith("The candidate", Assert.Throws<StemJepaException>(() => _affinity.Align(music, empty, Stem.Bass)).Message);
        Assert.Equal("candidate", Assert.Throws<ArgumentNullException>(() => _affinity.Align(music, null!, Stem.Bass)).ParamName);
    }

    private static PatchSequence Averaged(AudioClip clip, Func<AudioClip, PatchSequence> embed)
    {
        PatchSequence[] cuts = [.. Enumerable.Range(0, 10).Select(cut => embed(new AudioClip(new float[cut * 5 * PatchSamples].Concat(clip.Samples.ToArray()).ToArray(), 16000)))];
        int length = cuts[0].ColumnLength;
        var averaged = new PatchSequence(length / 5);
        averaged.Add(Enumerable.Range(0, cuts[0].Values.Length).Select(i => cuts.Select((values, cut) => values.Values[cut * 5 * length + i]).Average()).ToArray(), timePatches: 1);
        return averaged;
    }
}
