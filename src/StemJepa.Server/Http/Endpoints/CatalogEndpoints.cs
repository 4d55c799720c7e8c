using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StemJepa.Extensions;
using StemJepa.Server.Http.Forms;
using StemJepa.Server.Work;

namespace StemJepa.Server.Http.Endpoints;

/// <summary>The catalogue: its statistics, a search, its recordings and their sound.</summary>
internal static class CatalogEndpoints
{
    private const int DefaultTop = 50;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/catalog", StatisticsAsync).WithName("catalog").WithSummary("Counts what the catalogue holds.")
            .Produces<CatalogDocument>().ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapOperation("/api/search", "search", "Finds the recordings of the catalogue that fit a mix best.", SearchFields.Schema,
            SearchAsync,
            Example.Form("file", ("mix", "mix.wav"), ("stem", "bass"), ("top", 5)),
            Example.Json("upload", ("mix", Example.UploadId), ("stem", "bass"), ("key", "compatible"), ("tempo", "6%"),
                ("keep_unknown", true), ("top", 5)),
            Example.Json("filters", ("mix", Example.UploadId), ("stem", "drums"), ("any_stem", true), ("min_seconds", 0.5),
                ("max_seconds", 60), ("text", "bass"), ("why", true)),
            Example.Json("fit", ("mix", Example.UploadId), ("stem", "bass"), ("fit", 1), ("top", 5)));
        routes.MapGet("/api/recordings/{id}", async (string id, SoundResolver sounds, CancellationToken cancellationToken) =>
                RecordingDocument.From(await sounds.EntryAsync(id, cancellationToken).ConfigureAwait(false)))
            .WithName("recording").WithSummary("What the catalogue knows of a recording.")
            .Produces<RecordingDocument>().ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapGet("/api/recordings/{id}/audio", AudioAsync)
            .WithName("recordingAudio").WithSummary("The sound of a recording of the catalogue; ranges are answered.")
            .Produces(StatusCodes.Status200OK, contentType: "audio/wav")
            .Produces(StatusCodes.Status206PartialContent, contentType: "audio/wav")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<CatalogDocument>> StatisticsAsync(StemWorker worker, CancellationToken cancellationToken)
    {
        CatalogStatistics statistics = await worker.Catalog.CountAllAsync(cancellationToken).ConfigureAwait(false)
            ?? throw RequestException.NotFound("This catalogue does not count what it holds.");
        return TypedResults.Ok(CatalogDocument.From(statistics));
    }

    private static async Task<SearchDocument> SearchAsync(HttpContext context, RequestForm form)
    {
        StemWorker worker = context.RequestServices.GetRequiredService<StemWorker>();
        _ = worker.Catalog;
        StemJepaServerOptions options = context.RequestServices.GetRequiredService<IOptions<StemJepaServerOptions>>().Value;
        Stem stem = form.Stem(FormField.MissingStem);
        _ = worker.Model.LabelOf(stem); // Refused before the mix is analysed.
        int top = Math.Min(form.Integer(SearchFields.Top) ?? DefaultTop, options.MaximumResults);
        Sound mix = await context.RequestServices.GetRequiredService<SoundResolver>()
            .OneAsync(form, FormField.Mix, context.RequestAborted).ConfigureAwait(false);
        bool isKnown = mix.Upload?.Analysis is not null;
        MixFacts? facts = SearchFields.NeedsMix(form) || isKnown
            ? MixFacts.From(mix.Hints, await worker.AnalyzeAsync(mix, context.RequestAborted).ConfigureAwait(false))
            : null;
        CatalogFilter filter = SearchFields.ToFilter(form, stem, facts);
        int fit = form.Integer(FormField.Fit) ?? 0;
        FitRanking<CatalogMatch> found = await worker.SearchAsync(mix, stem, top, filter, fit, null, context.RequestAborted)
            .ConfigureAwait(false);
        AffinityScale? scale = await worker.ScaleAsync(mix, stem, context.RequestAborted).ConfigureAwait(false);
        return SearchDocument.From(stem, mix.Name, facts, found, top, scale);
    }

    private static async Task<FileStreamHttpResult> AudioAsync(string id, SoundResolver sounds, CancellationToken cancellationToken)
    {
        Sound sound = Sound.From(await sounds.EntryAsync(id, cancellationToken).ConfigureAwait(false));
        return AudioResult.Create(sound.Path, sound.Name);
    }
}
