using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using StemJepa.Server.Work;

namespace StemJepa.Server.Http.Access;

/// <summary>Metadata of an endpoint: whether it is answered without a token, and whether links of other sites may lead to it.</summary>
internal sealed record AccessRule(bool IsOpen = false, bool IsPage = false)
{
    public static readonly AccessRule Usual = new();
}

/// <summary>
/// Stands before every endpoint: refuses what other sites and other machines ask for, sets headers of security, and makes problem documents
/// of failures. Thread-safe.
/// </summary>
internal sealed partial class RequestGuard(IOptions<StemJepaServerOptions> options, ILogger<RequestGuard> logger)
{
    /// <summary>The cookie that stands for the token in the page, so that sounds and downloads need no header.</summary>
    public const string CookieName = "stemjepa";

    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; media-src 'self' blob:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly StemJepaServerOptions _options = options.Value;
    private readonly string? _token = options.Value.Token;

    /// <summary>The value of the cookie of a client that has shown the token.</summary>
    public string CookieValue => Convert.ToHexStringLower(Digest("cookie " + _token));

    public async Task InvokeAsync(HttpContext context, AccessRule access, RequestDelegate next)
    {
        SetHeaders(context.Response.Headers);
        try
        {
            Check(context, access);
            await next(context).ConfigureAwait(false);
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            if (context.RequestAborted.IsCancellationRequested)
            {
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
                return;
            }
            (int status, string sentence) = Describe(error);
            if (status == StatusCodes.Status500InternalServerError)
                LogFailure(logger, context.Request.Path, error);
            context.Response.Clear();
            SetHeaders(context.Response.Headers);
            if (error is RequestException { RetryAfter: { } wait })
                context.Response.Headers.RetryAfter = ((int)wait.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (status == StatusCodes.Status401Unauthorized)
                context.Response.Headers.WWWAuthenticate = "Bearer";
            await TypedResults.Problem(sentence, statusCode: status).ExecuteAsync(context).ConfigureAwait(false);
        }
    }

    /// <summary>Whether a text is the token; takes equally long for all.</summary>
    public bool IsToken(string text) => _token is not null && AreEqual(text, _token);

    private void Check(HttpContext context, AccessRule access)
    {
        HttpRequest request = context.Request;
        if (!IsAllowedHost(request.Host.Host))
            throw new RequestException(403, $"The host '{request.Host.Host}' is not one of this server's; ask for one of "
                + $"{string.Join(", ", _options.AllowedHosts)}.");
        if (request.Headers.Origin is { Count: > 0 } origin && !IsOwn(origin, request.Host))
            throw new RequestException(403, "Pages of other sites may not use this server; open its own page.");
        if (IsCrossSite(request) && !(access.IsPage && IsNavigation(request)))
            throw new RequestException(403, "Pages of other sites may not use this server; open its own page.");
        if (_token is null && !_options.AllowRemoteClients && !IsSameMachine(context.Connection.RemoteIpAddress))
            throw new RequestException(403, "This server answers clients on its own machine only; give it a token to answer others.");
        if (_token is not null && !access.IsOpen && !HasToken(request))
            throw new RequestException(401, "This server wants its token; send it as 'Authorization: Bearer TOKEN'.");
    }

    private bool IsAllowedHost(string host) =>
        _options.AllowedHosts.Any(allowed => allowed == "*" || allowed.Equals(host, StringComparison.OrdinalIgnoreCase))
        || (_token is not null && IPAddress.TryParse(host, out _));

    private static bool IsOwn(StringValues origin, HostString host) =>
        origin is [{ } only] && Uri.TryCreate(only, UriKind.Absolute, out Uri? from)
        && from.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase);

    /// <summary>Browsers say where a request comes from; other programs say nothing.</summary>
    private static bool IsCrossSite(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site && site.ToString() is not ("same-origin" or "none");

    private static bool IsNavigation(HttpRequest request) => HttpMethods.IsGet(request.Method)
        && request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Headers["Sec-Fetch-Dest"] == "document";

    /// <summary>Servers in memory know no address.</summary>
    private static bool IsSameMachine(IPAddress? address) =>
        address is null || IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    private bool HasToken(HttpRequest request)
    {
        const string scheme = "Bearer ";
        string header = request.Headers.Authorization.ToString();
        return (header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && IsToken(header[scheme.Length..].Trim()))
            || (request.Cookies[CookieName] is { } cookie && AreEqual(cookie, CookieValue));
    }

    private static bool AreEqual(string left, string right) => CryptographicOperations.FixedTimeEquals(Digest(left), Digest(right));

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static void SetHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    private static (int Status, string Sentence) Describe(Exception error) => error switch
    {
        RequestException refused => (refused.Status, refused.Message),
        BadHttpRequestException bad => (bad.StatusCode, bad.Message),
        StemJepaException { Kind: StemJepaErrorKind.UnknownStem } => (400, error.Message),
        StemJepaException { Kind: StemJepaErrorKind.NotFound } => (404, error.Message),
        StemJepaException { Kind: StemJepaErrorKind.ModelMismatch } => (409, error.Message),
        StemJepaException { Kind: StemJepaErrorKind.Runtime or StemJepaErrorKind.Access } => (503, error.Message),
        StemJepaException => (422, error.Message),
        _ => (500, "The server failed at this request; its log says why."),
    };

    [LoggerMessage(1, LogLevel.Error, "The request of {Path} failed")]
    private static partial void LogFailure(ILogger logger, string path, Exception error);
}
