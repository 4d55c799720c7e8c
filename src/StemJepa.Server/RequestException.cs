namespace StemJepa.Server;

/// <summary>A request that cannot be answered: an HTTP status, and one sentence for the client.</summary>
internal sealed class RequestException(int status, string message, TimeSpan? retryAfter = null) : Exception(message)
{
    public int Status { get; } = status;

    /// <summary>How long the client should wait before it asks again.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    public static RequestException Bad(string message) => new(400, message);

    public static RequestException NotFound(string message) => new(404, message);
}
