using System.IO.Compression;
using System.Xml.Linq;
using CliWrap;
using CliWrap.Buffered;
using StemJepa.TestSupport;

namespace StemJepa.Packages.Tests;

public sealed class PackageTests(PackedPackages packages) : IClassFixture<PackedPackages>
{
    private const long MaximumBytes = 20_000_000;

    private static readonly string Example = File.ReadAllText(Repository.PathOf("tests/StemJepa.Packages.Tests/Example.txt")).Trim();

    [Theory]
    [InlineData("StemJepa.Core", "StemJepa", "Microsoft.ML.OnnxRuntime.Managed", "NWaves")]
    [InlineData("StemJepa.Analysis", "StemJepa.Analysis", "=StemJepa.Core")]
    [InlineData("StemJepa.Catalog", "StemJepa.Catalog", "Microsoft.Data.Sqlite", "=StemJepa.Core")]
    [InlineData("StemJepa.Extensions", "StemJepa.Extensions", "Microsoft.Extensions.AI.Abstractions", "Microsoft.Extensions.Diagnostics",
        "Microsoft.Extensions.Logging", "Microsoft.Extensions.VectorData.Abstractions", "StemJepa.Catalog")]
    [InlineData("StemJepa.Formats", "StemJepa.Formats", "CliWrap", "NLayer", "NVorbis", "=StemJepa.Core")]
    [InlineData("StemJepa.Redis", "StemJepa.Redis", "StackExchange.Redis", "=StemJepa.Catalog")]
    [InlineData("StemJepa.Server", "StemJepa.Server", "Microsoft.AspNetCore.OpenApi", "ModelContextProtocol", "=StemJepa.Analysis",
        "=StemJepa.Core",
        "=StemJepa.Extensions", "=StemJepa.Formats")]
    public void A_library_is_packed_with_documentation_and_symbols_in_under_20_megabytes(string id, string assembly, params string[] needs)
    {
        string file = packages.FileOf(id);
        Assert.InRange(new FileInfo(file).Length, 1, MaximumBytes);
        Assert.Equal(["PACKAGE.md", "icon.png", $"lib/net10.0/{assembly}.dll", $"lib/net10.0/{assembly}.xml"], Content(file));
        Assert.Equal([$"lib/net10.0/{assembly}.pdb"], Content(packages.FileOf(id, "snupkg")));
        AssertDescribed(file);
        Dictionary<string, string> dependencies = Dependencies(file);
        Assert.Equal(needs.Select(need => need.TrimStart('=')).Order(StringComparer.Ordinal),
            dependencies.Keys.Order(StringComparer.Ordinal));
        Assert.All(needs.Where(need => need.StartsWith('=')), need => Assert.Equal($"[{packages.Version}]", dependencies[need[1..]]));
    }

    [Theory]
    [InlineData("StemJepa", "Microsoft.ML.OnnxRuntime")]
    [InlineData("StemJepa.Gpu", "Microsoft.ML.OnnxRuntime.Gpu")]
    public void The_other_packages_hold_no_code_and_add_the_natives_to_core(string id, string natives)
    {
        string file = packages.FileOf(id);
        Assert.Equal(["PACKAGE.md", $"buildTransitive/{id}.targets", "icon.png"], Content(file));
        AssertDescribed(file);
        Dictionary<string, string> dependencies = Dependencies(file);
        Assert.Equal([natives, "StemJepa.Core"], dependencies.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(packages.Version, dependencies["StemJepa.Core"]);
        Assert.Equal(CentralVersion(natives), dependencies[natives]);
    }

    [ShippedModelFact]
    public async Task An_empty_console_program_with_only_the_package_added_prints_affinities()
    {
        using var folder = new TemporaryFolder();
        var consumer = new Consumer(folder, packages, Example);
        File.Copy(Golden.PathOf("mix.wav"), folder.PathOf("mix.wav"));
        File.Copy(Golden.PathOf("vocals.wav"), folder.PathOf("bass.wav"));

        await consumer.Add("StemJepa");
        string output = await consumer.DotNet("run", "-v", "q", "-p:UseSharedCompilation=false");

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
    public async Task A_program_with_the_gpu_package_runs_where_it_can_and_says_what_is_missing()
    {
        using var folder = new TemporaryFolder();
        var consumer = new Consumer(folder, packages, """
            using StemJepa;

            var options = new StemAffinityOptions { ExecutionProvider = ExecutionProvider.Auto, Log = Console.WriteLine };
            using (StemAffinity model = StemAffinity.Load(args[0], options))
                Console.WriteLine(model.ExecutionProvider);
            try
            {
                using StemAffinity model = StemAffinity.Load(args[0], options with { ExecutionProvider = ExecutionProvider.Cuda });
                Console.WriteLine(model.ExecutionProvider);
            }
            catch (StemJepaException e)
            {
                Console.WriteLine($"{e.Kind}: {e.Message}");
            }
            """);

        await consumer.Add("StemJepa.Gpu");
        string build = await consumer.DotNet("build", "-o", folder.PathOf("out"), "-p:UseSharedCompilation=false",
            "-p:TreatWarningsAsErrors=true", "-p:CreateSymbolicLinksForCopyLocalIfPossible=true");
        BufferedCommandResult run = await Cli.Wrap("dotnet").WithArguments([folder.PathOf("out/Consumer.dll"), GoldenModel.Folder])
            .ExecuteBufferedAsync();

        Assert.DoesNotContain("warning", build, StringComparison.Ordinal);
        Assert.Equal("", run.StandardError);
        string[] lines = run.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.SequenceEqual(["Cuda", "Cuda"]))
            return; // A machine with a GPU.
        Assert.Equal(3, lines.Length);
        Assert.Matches(@"^StemJepa runs on the processor, because CUDA cannot be used \(\S+ is missing\); .*CUDA 13 and cuDNN 9", lines[0]);
        Assert.Equal("Cpu", lines[1]);
        Assert.Matches(@"^Runtime: CUDA cannot be used \(\S+ is missing\): .*CUDA 13 and cuDNN 9", lines[2]);
    }

    [Fact]
    public async Task A_program_with_both_packages_or_for_musl_is_warned_when_it_is_built()
    {
        using var folder = new TemporaryFolder();
        var consumer = new Consumer(folder, packages, "return;");
        await consumer.Add("StemJepa");
        await consumer.Add("StemJepa.Gpu");

        string output = await consumer.DotNet("msbuild", "-t:CheckStemJepaNatives", "-p:RuntimeIdentifier=linux-musl-x64");

        Assert.Contains("warning STEMJEPA001: Consumer has both packages", output, StringComparison.Ordinal);
        Assert.Contains("warning STEMJEPA002: Consumer is built for linux-musl-x64", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("PACKAGE.md")]
    public void Documents_show_the_program_that_these_tests_run(string document) =>
        Assert.Contains($"```csharp\n{Example}\n```", File.ReadAllText(Repository.PathOf(document)).ReplaceLineEndings("\n"));

    [Fact]
    public void The_package_readme_needs_no_repository() =>
        Assert.DoesNotContain("dotnet run --project", File.ReadAllText(Repository.PathOf("PACKAGE.md")));

    private static void AssertDescribed(string package)
    {
        XElement metadata = Metadata(package);
        Assert.Equal("MIT", Value(metadata, "license"));
        Assert.Equal("PACKAGE.md", Value(metadata, "readme"));
        Assert.Equal("icon.png", Value(metadata, "icon"));
        Assert.DoesNotMatch(@"\]\((?!https?:)", ReadText(package, "PACKAGE.md"));
        Assert.NotEqual("", Value(metadata, "description"));
        Assert.NotEqual("Package Description", Value(metadata, "description"));
    }

    private static IEnumerable<string> Content(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        return [.. archive.Entries.Select(entry => entry.FullName)
            .Where(name => !name.EndsWith(".nuspec") && name != "[Content_Types].xml" && !name.StartsWith("_rels/")
            && !name.StartsWith("package/"))
            .Order(StringComparer.Ordinal)];
    }

    private static Dictionary<string, string> Dependencies(string package) => Metadata(package).Descendants()
        .Where(element => element.Name.LocalName == "dependency")
        .ToDictionary(element => element.Attribute("id")!.Value, element => element.Attribute("version")!.Value);

    private static XElement Metadata(string package) => XDocument.Parse(ReadText(package, ".nuspec")).Root!.Elements().Single();

    private static string ReadText(string package, string ending)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        using var reader = new StreamReader(archive.Entries.Single(entry => entry.FullName.EndsWith(ending)).Open());
        return reader.ReadToEnd();
    }

    private static string Value(XElement metadata, string name) =>
        metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value ?? "";

    /// <summary>The version that the packages of a kind are restored in; a property's value where it is one.</summary>
    private static string CentralVersion(string id)
    {
        XDocument versions = XDocument.Load(Repository.PathOf("Directory.Packages.props"));
        string version = versions.Descendants("PackageVersion").Single(element => element.Attribute("Include")!.Value == id)
            .Attribute("Version")!.Value;
        return version.StartsWith("$(") ? versions.Descendants(version[2..^1]).Single().Value : version;
    }
}
