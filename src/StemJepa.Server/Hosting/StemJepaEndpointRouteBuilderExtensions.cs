using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StemJepa;
using StemJepa.Extensions;
using StemJepa.Server;
using StemJepa.Server.Http.Access;
using StemJepa.Server.Http.Endpoints;
using StemJepa.Server.Metrics;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps StemJepa's page and HTTP API into an ASP.NET Core program.</summary>
public static class StemJepaEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the page at <paramref name="prefix"/><c>/</c>, the HTTP API below <c>/api</c>, <c>/health</c>, <c>/metrics</c> and
    /// <c>/openapi/v1.json</c>, with the container's <see cref="IStemAffinity"/> and <see cref="IStemCatalog"/>. Needs
    /// <see cref="StemJepaServerServiceCollectionExtensions.AddStemJepaServer"/>. Clients of other machines and of foreign host names are refused unless
    /// <see cref="StemJepaServerOptions"/> say otherwise.
    /// </summary>
    /// <param name="routes">The program, or a group of its routes.</param>
    /// <param name="prefix">A path that all of it lies below, such as <c>/stems</c>; empty for the root.</param>
    /// <returns>All endpoints, for conventions such as authorization.</returns>
    public static IEndpointConventionBuilder MapStemJepa(this IEndpointRouteBuilder routes, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(routes);
        ArgumentNullException.ThrowIfNull(prefix);
        // Listens from now on, not from the first question for metrics.
        _ = routes.ServiceProvider.GetRequiredService<PrometheusMetrics>();
        RequestGuard guard = routes.ServiceProvider.GetRequiredService<RequestGuard>();
        RouteGroupBuilder group = routes.MapGroup(prefix);
        PageEndpoints.Map(group);
        ModelEndpoints.Map(group);
        UploadEndpoints.Map(group);
        CatalogEndpoints.Map(group);
        FitEndpoints.Map(group);
        IndexEndpoints.Map(group);
        StateEndpoints.Map(group);
        group.MapOpenApi();
        ((IEndpointConventionBuilder)group).Add(endpoint =>
        {
            RequestDelegate inner = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context =>
                guard.InvokeAsync(context, context.GetEndpoint()?.Metadata.GetMetadata<AccessRule>() ?? AccessRule.Usual, inner);
        });
        return group;
    }
}
