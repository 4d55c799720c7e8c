using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using StemJepa.TestSupport;

namespace StemJepa.Server.Tests;

/// <summary>
/// The image of <c>serve</c>, as the SDK writes it to a file: built, not run. It is put on an empty base image, which a registry in this
/// process gives out, since the machines of CI reach no other.
/// </summary>
public sealed class ContainerTests
{
    [Fact]
    public async Task The_image_runs_serve_without_root_and_holds_the_tool()
    {
        using var folder = new TemporaryFolder();
        await using WebApplication registry = await StartRegistryAsync();
        string archive = folder.PathOf("stemjepa.tar.gz"),
            runtime = $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        await DotNet.RunAsync(Repository.Root, new Dictionary<string, string>(), "publish", "src/StemJepa.Tool", "-c", "Release", "-r",
            runtime,
            "--self-contained", "false", "/t:PublishContainer",
                $"-p:ContainerBaseImage=localhost:{new Uri(registry.Urls.Single()).Port}/base:1",
            $"-p:ContainerArchiveOutputPath={archive}", $"-p:ArtifactsPath={folder.PathOf("artifacts")}", "-p:UseSharedCompilation=false",
            "-v", "q");

        Dictionary<string, byte[]> image = Read(archive);
        JsonElement manifest = JsonDocument.Parse(image["manifest.json"]).RootElement[0];
        JsonElement config = JsonDocument.Parse(image[manifest.GetProperty("Config").GetString()!]).RootElement.GetProperty("config");
        Assert.Equal("1654", config.GetProperty("User").GetString());
        Assert.Equal(["dotnet", "/app/StemJepa.Tool.dll"], Texts(config.GetProperty("Entrypoint")));
        Assert.Equal(["serve", "--in", "/library/catalogue", "--listen", "0.0.0.0", "--port", "5050"], Texts(config.GetProperty("Cmd")));
        Assert.True(config.GetProperty("ExposedPorts").TryGetProperty("5050/tcp", out _));
        Assert.Contains("DOTNET_EnableDiagnostics=0", Texts(config.GetProperty("Env")));

        string[] files = [.. Texts(manifest.GetProperty("Layers")).SelectMany(layer => Names(image[layer]))];
        Assert.Superset(new HashSet<string> { "StemJepa.Tool.dll", "StemJepa.Server.dll", "libonnxruntime.so", "libe_sqlite3.so" },
            files.Select(file => Path.GetFileName(file)).ToHashSet());
    }

    private static IEnumerable<string> Texts(JsonElement array) => array.EnumerateArray().Select(item => item.GetString()!);

    /// <summary>The files of a tar, which may be compressed.</summary>
    private static Dictionary<string, byte[]> Read(string archive)
    {
        using Stream file = Open(File.ReadAllBytes(archive));
        using var reader = new TarReader(file);
        var files = new Dictionary<string, byte[]>();
        while (reader.GetNextEntry() is { } entry)
        {
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            files[entry.Name] = content.ToArray();
        }
        return files;
    }

    private static List<string> Names(byte[] layer)
    {
        using Stream file = Open(layer);
        using var reader = new TarReader(file);
        var names = new List<string>();
        while (reader.GetNextEntry() is { } entry)
            names.Add(entry.Name);
        return names;
    }

    private static Stream Open(byte[] bytes) => bytes is [0x1f, 0x8b, ..]
        ? new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress)
        : new MemoryStream(bytes);

    /// <summary>As much of the OCI distribution protocol as it takes to give out one image of one nearly empty layer.</summary>
    private static async Task<WebApplication> StartRegistryAsync()
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
            writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "base/"));
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionMode.Compress, leaveOpen: true))
            gzip.Write(tar.ToArray());
        byte[] layer = compressed.ToArray();
        string architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64";
        byte[] config = JsonSerializer.SerializeToUtf8Bytes(new
        {
            architecture,
            os = "linux",
            config = new { Env = new[] { "PATH=/usr/bin:/bin" } },
            rootfs = new { type = "layers", diff_ids = new[] { Digest(tar.ToArray()) } },
        });
        const string type = "application/vnd.docker.distribution.manifest.v2+json";
        byte[] manifest = JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = type,
            config = new { mediaType = "application/vnd.docker.container.image.v1+json", size = config.Length, digest = Digest(config) },
            layers = new[] { new { mediaType = "application/vnd.docker.image.rootfs.diff.tar.gzip", size = layer.Length,
                digest = Digest(layer) } },
        });
        var blobs = new Dictionary<string, byte[]> { [Digest(config)] = config, [Digest(layer)] = layer };

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        WebApplication registry = builder.Build();
        registry.MapMethods("/v2/base/manifests/{name}", ["GET", "HEAD"], (HttpContext context) =>
        {
            context.Response.Headers["Docker-Content-Digest"] = Digest(manifest);
            return Results.Bytes(manifest, type);
        });
        registry.MapGet("/v2/base/blobs/{digest}", (string digest) => Results.Bytes(blobs[digest]));
        await registry.StartAsync();
        return registry;
    }

    private static string Digest(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));
}
