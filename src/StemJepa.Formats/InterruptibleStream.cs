namespace StemJepa;

/// <summary>
/// A pipe or device whose opening and reading wait for somebody else: a wait ends as soon as the token is cancelled, and the read that is
/// left behind ends with the process or its other side. Not seekable, not thread-safe.
/// </summary>
/// <param name="source">What is read; disposed of with this stream.</param>
/// <param name="cancellationToken">Ends every wait.</param>
internal sealed class InterruptibleStream(Stream source, CancellationToken cancellationToken) : ForwardStream(source)
{
    private const int BlockBytes = 1 << 16;

    /// <summary>Opens a file; the wait for the other side of a named pipe ends with the token.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public static InterruptibleStream Open(Func<Stream> open, CancellationToken cancellationToken)
    {
        Task<Stream> opening = Task.Factory.StartNew(open, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            return new InterruptibleStream(opening.WaitAsync(cancellationToken).GetAwaiter().GetResult(), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            opening.ContinueWith(opened => opened.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
            throw;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var block = new byte[Math.Min(buffer.Length, BlockBytes)]; // Its own: a read that is left behind may still write to it.
        int read = Task.Factory.StartNew(() => Source.Read(block), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default).WaitAsync(cancellationToken).GetAwaiter().GetResult();
        block.AsSpan(0, read).CopyTo(buffer);
        return read;
    }
}
