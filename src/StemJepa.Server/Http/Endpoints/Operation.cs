using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StemJepa.Server.Http.Forms;

namespace StemJepa.Server.Http.Endpoints;

/// <summary>Maps operations that take a form or JSON (<see cref="RequestForm"/>).</summary>
internal static class Operation
{
    /// <summary>Maps a POST.</summary>
    /// <param name="routes">Where to.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="name">The operation's id in the OpenAPI document.</param>
    /// <param name="summary">One sentence for the OpenAPI document.</param>
    /// <param name="schema">The fields.</param>
    /// <param name="answer">Answers a request; the form is disposed of afterwards.</param>
    /// <param name="examples">Examples of the request, as anonymous objects; fields that are files name files.</param>
    public static RouteHandlerBuilder MapOperation<T>(this IEndpointRouteBuilder routes, string pattern, string name, string summary,
        FormSchema schema, Func<HttpContext, RequestForm, Task<T>> answer, params Example[] examples) where T : notnull =>
        routes.MapPost(pattern, async (HttpContext context) =>
            {
                using RequestForm form = await context.RequestServices.GetRequiredService<FormReader>().ReadAsync(context, schema)
                    .ConfigureAwait(false);
                return TypedResults.Ok(await answer(context, form).ConfigureAwait(false));
            })
            .WithName(name)
            .WithSummary(summary)
            .WithMetadata(schema)
            .WithMetadata([.. examples])
            .Produces<T>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
}

/// <summary>
/// An example of a request: the name of a media type, and the fields. Ids in examples are <see cref="UploadId"/> and
/// <see cref="RecordingId"/>, places for those of an upload and of a recording.
/// </summary>
internal sealed record Example(string Name, string MediaType, IReadOnlyDictionary<string, object> Fields)
{
    public const string UploadId = "u0123456789abcdef0123456789abcdef";

    /// <summary>A place for the id of a recording of the catalogue.</summary>
    public const string RecordingId = "rYmFzcy53YXY";

    /// <summary>A form with files.</summary>
    public static Example Form(string name, params (string Name, object Value)[] fields) => Create(name, "multipart/form-data", fields);

    public static Example Json(string name, params (string Name, object Value)[] fields) => Create(name, "application/json", fields);

    private static Example Create(string name, string mediaType, (string Name, object Value)[] fields) =>
        new(name, mediaType, fields.ToDictionary(field => field.Name, field => field.Value));
}
