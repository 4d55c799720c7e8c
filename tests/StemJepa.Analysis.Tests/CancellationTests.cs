using System.Diagnostics;
using StemJepa.TestSupport;
using Xunit.Abstractions;

namespace StemJepa.Analysis.Tests;

/// <summary>Long work ends soon after it is cancelled, wherever it is then.</summary>
public sealed class CancellationTests(GoldenModel golden, ITestOutputHelper output) : IClassFixture<GoldenModel>
{
    private const int LongSamples = 10 * 60 * GoldenModel.SampleRate, Cuts = 6;

    /// <summary>A tenth of a second on an idle machine; the tests of other projects may run at the same time.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    [Fact]
    public void Alignment_ends_soon_after_it_is_cancelled()
    {
        AudioClip mix = GoldenModel.Music(LongSamples, 1), candidate = GoldenModel.Music(LongSamples, 2);
        Check(token => golden.Affinity.Align(mix, candidate, Stem.Bass, token));
    }

    [ShippedHeadsFact]
    public void Analysis_ends_soon_after_it_is_cancelled()
    {
        AudioClip recording = GoldenModel.Music(LongSamples, 3);
        using StemAffinity model = StemAffinity.Create();
        using StemAnalyzer analyzer = StemAnalyzer.Create(model);
        Check(token => analyzer.Analyze(recording, token));
    }

    [Fact]
    public void A_ranking_ends_soon_after_it_is_cancelled()
    {
        AudioClip mix = GoldenModel.Music(LongSamples, 4);
        AudioClip[] candidates = [GoldenModel.Music(LongSamples, 5), mix, mix, mix];
        Check(token => golden.Affinity.Rank(mix, candidates, Stem.Bass, AffinityComparison.InTime, null, token));
    }

    [Fact]
    public void A_token_that_is_cancelled_before_the_call_ends_it_at_once()
    {
        AudioClip clip = GoldenModel.Music(LongSamples, 6);
        var watch = Stopwatch.StartNew();
        Assert.Throws<OperationCanceledException>(() => golden.Affinity.Align(clip, clip, Stem.Bass, new CancellationToken(true)));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Soon);
    }

    /// <summary>Measures the whole call once, then cancels it at places spread over its time.</summary>
    private void Check(Action<CancellationToken> call)
    {
        var watch = Stopwatch.StartNew();
        call(CancellationToken.None);
        TimeSpan whole = watch.Elapsed, longest = TimeSpan.Zero;
        for (int cut = 0; cut < Cuts; cut++)
        {
            using var source = new CancellationTokenSource();
            long cancelled = 0;
            using CancellationTokenRegistration note = source.Token.Register(() => cancelled = Stopwatch.GetTimestamp());
            source.CancelAfter(whole * ((cut + 0.5) / Cuts));
            try
            {
                call(source.Token);
            }
            catch (OperationCanceledException)
            {
                TimeSpan late = Stopwatch.GetElapsedTime(cancelled);
                longest = late > longest ? late : longest;
            }
        }
        output.WriteLine($"Of {whole.TotalMilliseconds:0} ms, at the latest {longest.TotalMilliseconds:0} ms after it was cancelled.");
        Assert.InRange(longest, TimeSpan.Zero, Soon);
    }
}
