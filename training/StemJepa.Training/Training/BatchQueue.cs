using System.Threading.Channels;

namespace StemJepa.Training.Training;

/// <summary>Builds the batches of the coming steps on a background thread, one or two ahead of the training loop.</summary>
internal sealed class BatchQueue : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Channel<Batch> ready = Channel.CreateBounded<Batch>(1);
    private readonly Task producer;

    public BatchQueue(BatchBuilder builder, long firstStep, long endStep)
    {
        producer = Task.Run(async () =>
        {
            try
            {
                for (long step = firstStep; step < endStep; step++)
                    await ready.Writer.WriteAsync(builder.Build(step), stop.Token);
                ready.Writer.Complete();
            }
            catch (Exception error)
            {
                ready.Writer.TryComplete(error);
            }
        });
    }

    /// <summary>The next step's batch.</summary>
    public Batch Next() => ready.Reader.ReadAsync(stop.Token).AsTask().GetAwaiter().GetResult();

    public void Dispose()
    {
        stop.Cancel();
        producer.Wait();
        stop.Dispose();
    }
}
