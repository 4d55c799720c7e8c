using Microsoft.Extensions.DependencyInjection;
using StemJepa.Extensions;
using StemJepa.Server;
using StemJepa.Tool.Catalogs;
using StemJepa.Tool.Options;
using StemJepa.Tool.Serving;

namespace StemJepa.Tool.Commands;

/// <summary>The model and the catalogue of a command line in a container, for the page, the HTTP API and MCP.</summary>
internal static class ServedLibrary
{
    /// <summary>The catalogue of the user who runs the tool.</summary>
    public static string OfUser => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "stemjepa", "catalogue");

    /// <summary>The version of the tool.</summary>
    public static string Version => typeof(ServedLibrary).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <param name="services">The container's services.</param>
    /// <param name="place">The catalogue: a folder, or an address.</param>
    /// <param name="model">The model.</param>
    /// <param name="index">Whether clients may index folders.</param>
    /// <param name="cancellationToken">Ends connecting to servers.</param>
    public static void AddTo(IServiceCollection services, string place, ModelChoice model, bool index, CancellationToken cancellationToken)
    {
        services.AddStemJepa(options =>
        {
            options.ModelFolder = model.Folder;
            options.Threads = model.Options.Threads;
            options.ExecutionProvider = model.Options.ExecutionProvider;
            options.DeviceId = model.Options.DeviceId;
        });
        if (VectorSetAddress.IsMeant(place))
        {
            services.AddStemCatalog(provider => new RemoteStemCatalog(VectorSetCatalog
                .OpenOrCreateAsync(place, provider.GetRequiredService<IStemAffinity>().Model, cancellationToken: cancellationToken)
                .GetAwaiter().GetResult()));
        }
        else
        {
            services.AddStemCatalog(place);
        }
        if (index)
            services.AddSingleton<IStemIndexer>(provider => new LibraryIndexing(provider.GetRequiredService<IStemAffinity>(), place,
                model.HasHeads ? provider.GetRequiredService<StemAnalyzer>() : null));
    }

    /// <summary>Loads the model, makes the catalogue if it is missing, and opens it, so that what is wrong is said before clients come.</summary>
    /// <exception cref="StemJepaException">One of them cannot be used.</exception>
    public static void Prepare(IServiceProvider provider, string place, CancellationToken cancellationToken)
    {
        IStemAffinity model = provider.GetRequiredService<IStemAffinity>();
        if (!VectorSetAddress.IsMeant(place) && !StemCatalog.Exists(place))
            CatalogChoice.OpenOrCreate(place, model.Model, null, cancellationToken).Dispose();
        provider.GetRequiredService<IStemCatalog>();
    }
}
