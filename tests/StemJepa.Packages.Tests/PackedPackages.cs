using StemJepa.TestSupport;

namespace StemJepa.Packages.Tests;

/// <summary>The packages, packed once into a temporary folder, with a version that no cache has seen.</summary>
public sealed class PackedPackages : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    internal string Version { get; } = $"0.0.1-test.{Guid.NewGuid():N}";

    internal string Feed => _folder.PathOf("feed");

    internal string FileOf(string id, string extension = "nupkg") => Path.Combine(Feed, $"{id}.{Version}.{extension}");

    public Task InitializeAsync() =>
        DotNet.RunAsync(Repository.Root, new Dictionary<string, string>(), "pack", "src/Packages.slnf", "-v", "q",
        $"-p:Version={Version}", $"-p:PackageOutputPath={Feed}", $"-p:ArtifactsPath={_folder.PathOf("artifacts")}",
        "-p:UseSharedCompilation=false");

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }
}
