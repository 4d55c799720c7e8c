using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StemJepa.Server.Http.Forms;
using StemJepa.Server.Work;

namespace StemJepa.Server.Http.Endpoints;

/// <summary>Indexing of folders, where the container has an <see cref="IStemIndexer"/>.</summary>
internal static class IndexEndpoints
{
    private static readonly FormField Folder =
        new("folder", FieldKind.Text,
            "The folder on the server's machine, whose recordings are added to the catalogue.") { IsRequired = true };

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapOperation("/api/index", "index", "Starts to index a folder; ask for its state afterwards.", new FormSchema(Folder), Start,
            Example.Json("folder", ("folder", "library")));
        routes.MapGet("/api/index", (IndexJob job) => job.State).WithName("indexState").WithSummary("How far indexing is.")
            .Produces<IndexState>();
        routes.MapDelete("/api/index", (IndexJob job) => job.Cancel()).WithName("cancelIndex")
            .WithSummary("Ends indexing; what was done is kept.").Produces<IndexState>();
    }

    /// <summary>JSON only: a form could be sent by a page of another site without the browser asking first.</summary>
    private static Task<IndexState> Start(HttpContext context, RequestForm form) => context.Request.HasJsonContentType()
        ? Task.FromResult(context.RequestServices.GetRequiredService<IndexJob>().Start(form.RequiredText(Folder)))
        : throw new RequestException(415, "Indexing is asked for in JSON; send {\"folder\": \"...\"} as application/json.");
}
