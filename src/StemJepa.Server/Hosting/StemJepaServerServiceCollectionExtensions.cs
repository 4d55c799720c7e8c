using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using StemJepa;
using StemJepa.Extensions;
using StemJepa.Server;
using StemJepa.Server.Http;
using StemJepa.Server.Http.Access;
using StemJepa.Server.Http.Endpoints;
using StemJepa.Server.Http.Forms;
using StemJepa.Server.Metrics;
using StemJepa.Server.Uploads;
using StemJepa.Server.Work;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds StemJepa's page and HTTP API to a container.</summary>
public static class StemJepaServerServiceCollectionExtensions
{
    /// <summary>
    /// Adds what <see cref="Microsoft.AspNetCore.Builder.StemJepaEndpointRouteBuilderExtensions.MapStemJepa"/> needs. The program adds the model (<c>AddStemJepa</c>), and, to search, a catalogue
    /// (<c>AddStemCatalog</c>), and, to index folders, an <see cref="IStemIndexer"/>.
    /// </summary>
    /// <param name="services">The container's services.</param>
    /// <param name="configure">Sets the options; null: clients of this machine, and the limits of <see cref="StemJepaServerOptions"/>.</param>
    public static IServiceCollection AddStemJepaServer(this IServiceCollection services, Action<StemJepaServerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        OptionsBuilder<StemJepaServerOptions> options = services.AddOptions<StemJepaServerOptions>().ValidateOnStart();
        if (configure is not null)
            options.Configure(configure);
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<StemJepaServerOptions>, StemJepaServerOptionsValidator>());
        services.AddStemJepa();
        services.AddOpenApi(open => open.AddOperationTransformer<OpenApiForms>().AddDocumentTransformer<OpenApiForms>());
        services.TryAddSingleton(CreateAnalyzer);
        services.TryAddSingleton<WorkQueue>();
        services.TryAddSingleton<UploadStore>();
        services.TryAddSingleton<FormReader>();
        services.TryAddSingleton<RequestGuard>();
        services.TryAddSingleton<PrometheusMetrics>();
        services.TryAddSingleton(provider => new IndexJob(provider.GetService<IStemIndexer>()));
        services.TryAddSingleton(provider => new SoundResolver(
            provider.GetRequiredService<UploadStore>(), provider.GetService<IStemCatalog>()));
        services.TryAddSingleton(provider => new StemWorker(
            provider.GetRequiredService<IStemAffinity>(), provider.GetRequiredService<WorkQueue>(),
            new Lazy<StemAnalyzer>(provider.GetRequiredService<StemAnalyzer>),
            new Lazy<AffinityBackground?>(() => AffinityBackground.TryLoad(provider.GetRequiredService<IStemAffinity>().Model,
                provider.GetRequiredService<IOptions<StemJepaOptions>>().Value.ModelFolder)),
            provider.GetRequiredService<IOptions<StemJepaServerOptions>>(), provider.GetService<IStemCatalog>()));
        return services;
    }

    /// <summary>The heads of the model's own folder, or those that the library carries.</summary>
    private static StemAnalyzer CreateAnalyzer(IServiceProvider provider)
    {
        StemJepaOptions options = provider.GetRequiredService<IOptions<StemJepaOptions>>().Value;
        IStemAffinity model = provider.GetRequiredService<IStemAffinity>();
        return options.ModelFolder is { } folder
            ? StemAnalyzer.Load(model, folder, options.Threads)
            : StemAnalyzer.Create(model, options.Threads);
    }
}
