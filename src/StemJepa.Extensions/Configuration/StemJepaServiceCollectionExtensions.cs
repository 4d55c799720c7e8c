using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.VectorData;
using StemJepa;
using StemJepa.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds StemJepa to a container.</summary>
public static class StemJepaServiceCollectionExtensions
{
    private static readonly TimeSpan UsualRefresh = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Adds one <see cref="IStemAffinity"/>, loaded when it is first asked for and disposed of with the container, and an
    /// <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/> of <see cref="AudioClip"/> over it. Both are thread-safe singletons, logged
    /// and observed (<see cref="StemJepaDiagnostics"/>). What was registered before stays; options of several calls add up.
    /// </summary>
    /// <param name="services">The container's services.</param>
    /// <param name="configure">Sets the options; null: the shipped model on all cores.</param>
    public static IServiceCollection AddStemJepa(this IServiceCollection services, Action<StemJepaOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        AddTelemetry(services);
        OptionsBuilder<StemJepaOptions> options = services.AddOptions<StemJepaOptions>().ValidateOnStart();
        if (configure is not null)
            options.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StemJepaOptions>, StemJepaOptionsValidator>());
        services.TryAddSingleton(ModelLoader.Load);
        services.TryAddSingleton<IEmbeddingGenerator<AudioClip, Embedding<float>>>(
            provider => new StemEmbeddingGenerator(provider.GetRequiredService<IStemAffinity>()));
        return services;
    }

    /// <summary>
    /// Adds one <see cref="IStemCatalog"/> that reads the embedded catalogue of a folder: opened when it is first asked for, checked
    /// against the container's model if there is one, observed, and disposed of with the container. It only reads; whoever indexes uses
    /// <see cref="CatalogWriter"/>, in this process or another.
    /// </summary>
    /// <param name="services">The container's services.</param>
    /// <param name="folder">The catalogue's folder.</param>
    /// <param name="refreshEvery">
    /// How old what is seen may be when a call begins, at least 0; null: a second. <see cref="Timeout.InfiniteTimeSpan"/>: what was
    /// committed when it was opened, for ever.
    /// </param>
    public static IServiceCollection AddStemCatalog(this IServiceCollection services, string folder, TimeSpan? refreshEvery = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        TimeSpan interval = refreshEvery ?? UsualRefresh;
        if (interval != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.Zero, nameof(refreshEvery));
        return services.AddStemCatalog(provider => new EmbeddedStemCatalog(
            StemCatalog.Open(folder, provider.GetService<IStemAffinity>()?.Model),
            interval,
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetRequiredService<ILogger<IStemCatalog>>()));
    }

    /// <summary>
    /// Adds one <see cref="IStemCatalog"/> of your own, such as a <see cref="VectorStoreCatalog"/>: made when it is first asked for,
    /// observed, and, if it is disposable, disposed of with the container.
    /// </summary>
    public static IServiceCollection AddStemCatalog(this IServiceCollection services, Func<IServiceProvider, IStemCatalog> create)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(create);
        AddTelemetry(services);
        return services.AddSingleton<IStemCatalog>(
            provider => new ObservedStemCatalog(create(provider), provider.GetRequiredService<StemJepaTelemetry>()));
    }

    /// <summary>
    /// Adds one <see cref="VectorStore"/> whose collections are embedded catalogues for the container's model, in subfolders of a folder
    /// (<see cref="StemVectorStore"/>): observed, and disposed of with the container. Needs <see cref="AddStemJepa"/>.
    /// </summary>
    public static IServiceCollection AddStemVectorStore(this IServiceCollection services, string folder,
        StemVectorStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        AddTelemetry(services);
        return services.AddSingleton<VectorStore>(provider => new StemVectorStore(
            folder, provider.GetRequiredService<IStemAffinity>().Model, options, provider.GetRequiredService<StemJepaTelemetry>()));
    }

    private static void AddTelemetry(IServiceCollection services)
    {
        services.AddLogging();
        services.AddMetrics();
        services.TryAddSingleton<StemJepaTelemetry>();
    }
}
