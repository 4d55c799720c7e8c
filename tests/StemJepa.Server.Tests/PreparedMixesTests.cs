using StemJepa.Server.Work;
using StemJepa.TestSupport;

namespace StemJepa.Server.Tests;

public sealed class PreparedMixesTests
{
    [ShippedHeadsFact]
    public async Task A_client_that_goes_does_not_fail_another_that_waits_for_the_same_mix()
    {
        using StemAffinity model = StemAffinity.Create();
        using var fitter = StemFitter.Create(model);
        FitMix prepared = fitter.Prepare(GoldenModel.Music(16000, 1), Stem.Bass);
        var mixes = new PreparedMixes();
        using var gone = new CancellationTokenSource();
        using var begun = new ManualResetEventSlim();
        Task<FitMix> first = Task.Run(() => mixes.GetOrAdd("upload", Stem.Bass, () =>
        {
            begun.Set();
            gone.Token.WaitHandle.WaitOne();
            throw new OperationCanceledException(gone.Token);
        }, gone.Token));
        begun.Wait();
        Task<FitMix> second = Task.Run(() => mixes.GetOrAdd("upload", Stem.Bass, () => prepared, CancellationToken.None));
        await Task.Delay(100);
        Assert.False(second.IsCompleted);
        gone.Cancel();

        Assert.Same(prepared, await second);
        await Assert.ThrowsAsync<OperationCanceledException>(() => first);
    }
}
