using System.IO.Compression;
using System.Xml.Linq;
using StemJepa.TestSupport;

namespace StemJepa.Tests;

public sealed class PackageTests(PackedPackages packages) : IClassFixture<PackedPackages>
{
    private const long MaximumBytes = 20_000_000;

    private static readonly string ExamplePath = Repository.PathOf("tests/StemJepa.Tests/Packages/Example.txt");

    [Fact]
    public void Core_holds_library_documentation_readme_licence_and_symbols_in_under_20_megabytes()
    {
        string file = packages.FileOf("StemJepa.Core");
        Assert.InRange(new FileInfo(file).Length, 1, MaximumBytes);
        Assert.Equal(["README.md", "lib/net10.0/StemJepa.dll", "lib/net10.0/StemJepa.xml"], Content(file));
        Assert.Equal(["lib/net10.0/StemJepa.pdb"], Content(packages.FileOf("StemJepa.Core", "snupkg")));
        AssertDescribed(file);
        Assert.Equal(["Microsoft.ML.OnnxRuntime.Managed"], Dependencies(file).Keys);
    }

    [Fact]
    public void Redis_holds_its_library_and_goes_with_the_same_version_of_core_only()
    {
        string file = packages.FileOf("StemJepa.Redis");
        Assert.Equal(["README.md", "lib/net10.0/StemJepa.Redis.dll", "lib/net10.0/StemJepa.Redis.xml"], Content(file));
        Assert.Equal(["lib/net10.0/StemJepa.Redis.pdb"], Content(packages.FileOf("StemJepa.Redis", "snupkg")));
        AssertDescribed(file);
        Dictionary<string, string> dependencies = Dependencies(file);
        Assert.Equal(["StackExchange.Redis", "StemJepa.Core"], dependencies.Keys.Order(StringComparer.Ordinal));
        Assert.Equal($"[{packages.Version}]", dependencies["StemJepa.Core"]);
    }

    [Theory]
    [InlineData("StemJepa", "Microsoft.ML.OnnxRuntime")]
    [InlineData("StemJepa.Gpu", "Microsoft.ML.OnnxRuntime.Gpu")]
    public void The_other_packages_hold_nothing_and_add_the_natives_to_core(string id, string natives)
    {
        string file = packages.FileOf(id);
        Assert.Equal(["README.md"], Content(file));
        AssertDescribed(file);
        Dictionary<string, string> dependencies = Dependencies(file);
        Assert.Equal([natives, "StemJepa.Core"], dependencies.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(packages.Version, dependencies["StemJepa.Core"]);
        Assert.Equal(CentralVersion(natives), dependencies[natives]);
    }

    [Fact]
    public void Extensions_hold_their_library_and_add_the_interfaces_to_core()
    {
        string file = packages.FileOf("StemJepa.Extensions");
        Assert.InRange(new FileInfo(file).Length, 1, MaximumBytes);
        Assert.Equal(["README.md", "lib/net10.0/StemJepa.Extensions.dll", "lib/net10.0/StemJepa.Extensions.xml"], Content(file));
        Assert.Equal(["lib/net10.0/StemJepa.Extensions.pdb"], Content(packages.FileOf("StemJepa.Extensions", "snupkg")));
        AssertDescribed(file);
        Dictionary<string, string> dependencies = Dependencies(file);
        Assert.Equal(packages.Version, dependencies["StemJepa.Core"]);
        Assert.Equal(
            ["Microsoft.Extensions.AI.Abstractions", "Microsoft.Extensions.Diagnostics", "Microsoft.Extensions.Logging", "Microsoft.Extensions.VectorData.Abstractions", "StemJepa.Core"],
            dependencies.Keys.Order(StringComparer.Ordinal));
    }

    [ShippedModelFact]
    public async Task An_empty_console_program_with_only_the_package_added_prints_affinities()
    {
        using var folder = new TemporaryFolder();
        WriteProgram(folder);
        var environment = new Dictionary<string, string> { ["NUGET_PACKAGES"] = folder.PathOf("packages") };

        await DotNet.RunAsync(folder.Root, environment, "add", "package", "StemJepa", "--version", packages.Version);
        string output = await DotNet.RunAsync(folder.Root, environment, "run", "-v", "q", "-p:UseSharedCompilation=false");

        AudioClip mix = AudioClip.Load(Golden.PathOf("mix.wav")), bass = AudioClip.Load(Golden.PathOf("vocals.wav"));
        using StemAffinity model = StemAffinity.Create();
        string[] expected =
        [
            $"affinity {model.Affinity(mix, bass, Stem.Bass):0.000}",
            .. model.Rank(mix, [mix, bass], Stem.Bass).Select(ranked => $"candidate {ranked.Index}: {ranked.Affinity:0.000}"),
        ];
        Assert.Equal(expected, output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [Fact]
    public void The_readme_shows_the_program_that_these_tests_run() =>
        Assert.Contains(File.ReadAllText(ExamplePath).Trim(), File.ReadAllText(Repository.PathOf("README.md")).ReplaceLineEndings("\n"));

    private void WriteProgram(TemporaryFolder folder)
    {
        File.WriteAllText(folder.PathOf("Consumer.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
            </Project>
            """);
        File.WriteAllText(folder.PathOf("nuget.config"), $"""
            <configuration>
              <config>
                <add key="signatureValidationMode" value="accept" />
              </config>
              <packageSources>
                <add key="packed" value="{packages.Feed}" />
              </packageSources>
              <fallbackPackageFolders>
                <add key="cache" value="{UserPackages()}" />
              </fallbackPackageFolders>
            </configuration>
            """);
        File.Copy(ExamplePath, folder.PathOf("Program.cs"));
        File.Copy(Golden.PathOf("mix.wav"), folder.PathOf("mix.wav"));
        File.Copy(Golden.PathOf("vocals.wav"), folder.PathOf("bass.wav"));
    }

    private static string UserPackages() => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static void AssertDescribed(string package)
    {
        XElement metadata = Metadata(package);
        Assert.Equal("MIT", Value(metadata, "license"));
        Assert.Equal("README.md", Value(metadata, "readme"));
        Assert.NotEqual("", Value(metadata, "description"));
        Assert.NotEqual("Package Description", Value(metadata, "description"));
    }

    private static IEnumerable<string> Content(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        return [.. archive.Entries.Select(entry => entry.FullName)
            .Where(name => !name.EndsWith(".nuspec") && name != "[Content_Types].xml" && !name.StartsWith("_rels/") && !name.StartsWith("package/"))
            .Order(StringComparer.Ordinal)];
    }

    private static Dictionary<string, string> Dependencies(string package) => Metadata(package).Descendants()
        .Where(element => element.Name.LocalName == "dependency")
        .ToDictionary(element => element.Attribute("id")!.Value, element => element.Attribute("version")!.Value);

    private static XElement Metadata(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        using Stream stream = archive.Entries.Single(entry => entry.FullName.EndsWith(".nuspec")).Open();
        return XDocument.Load(stream).Root!.Elements().Single();
    }

    private static string Value(XElement metadata, string name) =>
        metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value ?? "";

    private static string CentralVersion(string id) => XDocument.Load(Repository.PathOf("Directory.Packages.props")).Descendants("PackageVersion")
        .Single(element => element.Attribute("Include")!.Value == id).Attribute("Version")!.Value;
}
