using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StemJepa.Server.Http.Forms;
using StemJepa.Server.Uploads;
using StemJepa.Server.Work;

namespace StemJepa.Server.Http.Endpoints;

/// <summary>Recordings that a client sends once and names by their ids afterwards.</summary>
internal static class UploadEndpoints
{
    private static readonly FormField File = new("file", FieldKind.Sound, "The recording, as a file.") { IsRequired = true };

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapOperation("/api/uploads", "upload", "Keeps a recording for later requests, until it has not been used for some hours.",
            new FormSchema(File), UploadAsync, Example.Form("file", ("file", "mix.wav")));
        routes.MapGet("/api/uploads/{id}/audio", (string id, UploadStore uploads) => Audio(id, uploads))
            .WithName("uploadAudio").WithSummary("The sound of an upload; ranges are answered.")
            .Produces(StatusCodes.Status200OK, contentType: "audio/wav")
            .Produces(StatusCodes.Status206PartialContent, contentType: "audio/wav")
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapDelete("/api/uploads/{id}", (string id, UploadStore uploads) =>
                uploads.Delete(id) ? TypedResults.NoContent() : throw NoUpload())
            .WithName("deleteUpload").WithSummary("Deletes an upload.").Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Task<UploadDocument> UploadAsync(HttpContext context, RequestForm form) =>
        Task.FromResult(UploadDocument.From(form.Keep(File)));

    private static FileStreamHttpResult Audio(string id, UploadStore uploads) =>
        uploads.TryFind(id, out Upload? upload) ? AudioResult.Create(upload.Path, upload.Name) : throw NoUpload();

    private static RequestException NoUpload() =>
        RequestException.NotFound("There is no upload of this id; send the recording again, uploads are kept for some hours.");
}

/// <summary>A file of audio as an answer: with ranges, and never of a type that a browser would run.</summary>
internal static class AudioResult
{
    public static FileStreamHttpResult Create(string path, string name)
    {
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16,
                useAsync: true);
            return TypedResults.Stream(file, CataloguedFile.MediaType(path), name, System.IO.File.GetLastWriteTimeUtc(path),
                enableRangeProcessing: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw RequestException.NotFound($"'{name}' cannot be opened ({error.Message.TrimEnd('.')}).".Replace(path, name));
        }
    }
}
