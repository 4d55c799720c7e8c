using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StemJepa.Extensions;
using StemJepa.Server.Http.Access;
using StemJepa.Server.Metrics;
using StemJepa.Server.Work;

namespace StemJepa.Server.Http.Endpoints;

/// <summary>Health and metrics.</summary>
internal static class StateEndpoints
{
    public static readonly string Version = typeof(StateEndpoints).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", (StemWorker worker, IndexJob index, IServiceProvider services) => new HealthDocument(
                "ok", worker.Model.Name, [.. worker.Model.Stems.Select(stem => stem.Name)], Version,
                services.GetService<IStemCatalog>() is not null, index.IsOffered))
            .WithMetadata(new AccessRule(IsOpen: true)).WithName("health").WithSummary("Whether the server works, and what it offers.")
            .Produces<HealthDocument>();
        routes.MapGet("/metrics", (PrometheusMetrics metrics) => TypedResults.Text(metrics.Write(), PrometheusMetrics.MediaType))
            .WithName("metrics").WithSummary("The meter of StemJepa.Extensions, in the text format of Prometheus.")
            .Produces<string>(contentType: "text/plain");
    }
}
