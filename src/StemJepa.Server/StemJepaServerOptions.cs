namespace StemJepa.Server;

/// <summary>Limits and access rules of the page and the HTTP API. Set before the first request; read by all threads afterwards.</summary>
public sealed class StemJepaServerOptions
{
    /// <summary>
    /// Clients must send this text, as <c>Authorization: Bearer TOKEN</c> or by signing in on the page; null: no client needs one, and only
    /// clients on the same machine are answered unless <see cref="AllowRemoteClients"/> is set.
    /// </summary>
    public string? Token { get; set; }

    /// <summary>Whether clients on other machines are answered without a <see cref="Token"/>: for programs that authenticate.</summary>
    public bool AllowRemoteClients { get; set; }

    /// <summary>
    /// Names that the <c>Host</c> header may have, without a port; <c>*</c> for any. Others are refused, since a foreign name that resolves
    /// to this machine would let any web site read the library (DNS rebinding). With a <see cref="Token"/>, addresses in digits are
    /// accepted too.
    /// </summary>
    public IList<string> AllowedHosts { get; } = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>The most bytes that one request may have, at least 1; 256 MiB by default.</summary>
    public long MaximumUploadBytes { get; set; } = 256L << 20;

    /// <summary>The longest recording in a request, in seconds, above 0; 20 minutes by default.</summary>
    public double MaximumSeconds { get; set; } = 20 * 60;

    /// <summary>The most candidates of one ranking, at least 1; 200 by default.</summary>
    public int MaximumCandidates { get; set; } = 200;

    /// <summary>The most results of one search, at least 1; 200 by default.</summary>
    public int MaximumResults { get; set; } = 200;

    /// <summary>The most bytes that uploads may take on the disk, at least 1; the oldest are deleted first. 4 GiB by default.</summary>
    public long MaximumStoredBytes { get; set; } = 4L << 30;

    /// <summary>How long an upload is kept after its last use, above 0; 6 hours by default.</summary>
    public TimeSpan UploadLifetime { get; set; } = TimeSpan.FromHours(6);

    /// <summary>Requests that use the model at once, at least 1; the number of processors by default.</summary>
    public int Concurrency { get; set; } = Environment.ProcessorCount;

    /// <summary>
    /// Requests that wait for their turn, at least 0; those beyond get status 429 with <c>Retry-After</c>. 16 by default.
    /// </summary>
    public int QueueLength { get; set; } = 16;
}

/// <summary>Checks the options before the first request: each failure is one sentence that names the option.</summary>
internal sealed class StemJepaServerOptionsValidator : Microsoft.Extensions.Options.IValidateOptions<StemJepaServerOptions>
{
    public Microsoft.Extensions.Options.ValidateOptionsResult Validate(string? name, StemJepaServerOptions options)
    {
        string?[] failures =
        [
            AtLeast(nameof(options.MaximumUploadBytes), options.MaximumUploadBytes, 1),
            AtLeast(nameof(options.MaximumStoredBytes), options.MaximumStoredBytes, 1),
            AtLeast(nameof(options.MaximumCandidates), options.MaximumCandidates, 1),
            AtLeast(nameof(options.MaximumResults), options.MaximumResults, 1),
            AtLeast(nameof(options.Concurrency), options.Concurrency, 1),
            AtLeast(nameof(options.QueueLength), options.QueueLength, 0),
            options.MaximumSeconds > 0 ? null : $"{nameof(options.MaximumSeconds)} is {options.MaximumSeconds}: give a length above 0.",
            options.UploadLifetime > TimeSpan.Zero
                ? null
                : $"{nameof(options.UploadLifetime)} is {options.UploadLifetime}: give a time above 0.",
            options.Token is null || options.Token.Trim().Length > 0
                ? null
                : $"{nameof(options.Token)} is empty: give a secret text, or null for none.",
        ];
        string[] found = [.. failures.OfType<string>()];
        return found.Length == 0
            ? Microsoft.Extensions.Options.ValidateOptionsResult.Success
            : Microsoft.Extensions.Options.ValidateOptionsResult.Fail(found);
    }

    private static string? AtLeast(string option, long value, long least) =>
        value >= least ? null : $"{option} is {value}: give {least} or more.";
}
