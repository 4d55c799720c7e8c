using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using StemJepa.Server.Http.Access;
using StemJepa.Server.Work;

namespace StemJepa.Server.Http.Endpoints;

/// <summary>The page and its parts, from the assembly; they hold no data, so they need no token.</summary>
internal static class PageEndpoints
{
    private const string Folder = "Page/";

    private static readonly Assembly Source = typeof(PageEndpoints).Assembly;

    private static readonly EntityTagHeaderValue Tag = new($"\"{Source.ManifestModule.ModuleVersionId:N}\"");

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", (HttpContext context) => context.Request.Path.Value is { } path
            && (path + context.Request.PathBase).EndsWith('/')
                ? File("index.html")
                : Results.Redirect(context.Request.PathBase + context.Request.Path + "/"))
            .WithMetadata(new AccessRule(IsOpen: true, IsPage: true)).ExcludeFromDescription();
        routes.MapGet("/assets/{name}", (string name) => File(name)).WithMetadata(new AccessRule(IsOpen: true)).ExcludeFromDescription();
        routes.MapPost("/session", SignIn).WithMetadata(new AccessRule(IsOpen: true)).ExcludeFromDescription();
    }

    private static IResult File(string name) => Source.GetManifestResourceStream(Folder + name) is { } content
        ? Results.Stream(content, MediaType(name), entityTag: Tag)
        : throw RequestException.NotFound("There is no such page; open /.");

    private static string MediaType(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };

    /// <summary>Gives a client that knows the token the cookie that stands for it.</summary>
    private static async Task<IResult> SignIn(HttpContext context, RequestGuard guard)
    {
        SignInDocument? sent = context.Request.HasJsonContentType()
            ? await context.Request.ReadFromJsonAsync<SignInDocument>(context.RequestAborted).ConfigureAwait(false)
            : throw new RequestException(415, "Sign in with JSON: {\"token\": \"...\"}.");
        if (!guard.IsToken(sent?.Token ?? ""))
            throw new RequestException(401, "This is not the token of this server.");
        context.Response.Cookies.Append(RequestGuard.CookieName, guard.CookieValue, new CookieOptions
        {
            HttpOnly = true,
            SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            IsEssential = true,
        });
        return TypedResults.NoContent();
    }

    private sealed record SignInDocument(string? Token);
}
