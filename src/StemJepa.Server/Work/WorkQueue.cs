using System.Diagnostics;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace StemJepa.Server.Work;

/// <summary>
/// Runs what uses the model: a few calls at once, some that wait in their order, and none beyond. Thread-safe.
/// </summary>
internal sealed class WorkQueue(IOptions<StemJepaServerOptions> options) : IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = options.Value.Concurrency,
        QueueLimit = options.Value.QueueLength,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Smoothed seconds of a call, as bits of a double.</summary>
    private long _usualSeconds = BitConverter.DoubleToInt64Bits(1);

    /// <summary>Waits for a turn, and works off the calling thread.</summary>
    /// <exception cref="RequestException">Too many wait already: status 429.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using RateLimitLease lease = await _limiter.AcquireAsync(1, cancellationToken).ConfigureAwait(false);
        if (!lease.IsAcquired)
        {
            throw new RequestException(429, "The server has as many requests as it can hold; ask again in a while.", UsualWait());
        }
        long started = Stopwatch.GetTimestamp();
        try
        {
            return await Task.Run(() => work(cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Remember(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
    }

    /// <inheritdoc cref="RunAsync{T}(Func{CancellationToken, Task{T}}, CancellationToken)"/>
    public Task<T> RunAsync<T>(Func<CancellationToken, T> work, CancellationToken cancellationToken) =>
        RunAsync(token => Task.FromResult(work(token)), cancellationToken);

    public void Dispose() => _limiter.Dispose();

    private TimeSpan UsualWait()
    {
        double usual = BitConverter.Int64BitsToDouble(Interlocked.Read(ref _usualSeconds));
        double turns = (options.Value.QueueLength + 1.0) / options.Value.Concurrency;
        return TimeSpan.FromSeconds(Math.Clamp(Math.Ceiling(usual * turns), 1, 60));
    }

    private void Remember(double seconds)
    {
        const double weight = 0.2;
        double usual = BitConverter.Int64BitsToDouble(Interlocked.Read(ref _usualSeconds));
        Interlocked.Exchange(ref _usualSeconds, BitConverter.DoubleToInt64Bits(usual + weight * (seconds - usual)));
    }
}
