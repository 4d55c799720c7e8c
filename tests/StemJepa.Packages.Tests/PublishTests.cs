using System.Globalization;
using System.Runtime.InteropServices;
using CliWrap;
using CliWrap.Buffered;
using StemJepa.TestSupport;

namespace StemJepa.Packages.Tests;

/// <summary>
/// A consumer, published in every way that .NET knows, started from another folder and through a link, embeds as it does in this process.
/// </summary>
public sealed class PublishTests(PackedPackages packages) : IClassFixture<PackedPackages>
{
    private const string Program = """
        using StemJepa;

        using StemAffinity model = StemAffinity.Create();
        foreach (float value in model.Embed(AudioClip.Load(args[0])).Vector.Span)
            Console.WriteLine(value.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
        """;

    private static readonly string Runtime = $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    private const string Services = """
        using Microsoft.Extensions.AI;
        using Microsoft.Extensions.DependencyInjection;
        using StemJepa;

        using ServiceProvider services = new ServiceCollection().AddStemJepa().BuildServiceProvider();
        IStemAffinity model = services.GetRequiredService<IStemAffinity>();
        foreach (float value in model.Embed(AudioClip.Load(args[0])).Vector.Span)
            Console.WriteLine(value.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
        """;

    /// <summary>
    /// Compiled ahead of time, a program uses the instructions that all machines of its kind have, unless it is told to use this machine's:
    /// then sums are taken in the same order as here.
    /// </summary>
    [RequiresProgramTheory("gcc")]
    [InlineData("--self-contained false", 1e-5f)]
    [InlineData("--self-contained true", 1e-5f)]
    [InlineData("--self-contained true -p:PublishSingleFile=true", 1e-5f)]
    [InlineData("--self-contained true -p:PublishTrimmed=true", 1e-5f)]
    [InlineData("-p:PublishAot=true", 1e-5f)]
    [InlineData("-p:PublishAot=true -p:IlcInstructionSet=native", 0f)]
    public Task A_published_program_embeds_like_this_process(string options, float tolerance) =>
        CheckAsync("StemJepa", Program, options, tolerance);

    [RequiresProgramFact("gcc")]
    public Task A_program_with_services_compiles_ahead_of_time_without_a_warning_of_ours() =>
        CheckAsync("StemJepa.Extensions", Services, "-p:PublishAot=true -p:TrimmerSingleWarn=false", 1e-5f);

    private async Task CheckAsync(string package, string code, string options, float tolerance)
    {
        using var folder = new TemporaryFolder();
        var consumer = new Consumer(folder, packages, code);
        await consumer.Add("StemJepa");
        if (package != "StemJepa")
            await consumer.Add(package);

        string built = await consumer.DotNet(["publish", "-r", Runtime, "-o", folder.PathOf("out"), "-p:UseSharedCompilation=false",
            "-p:InvariantGlobalization=true", .. options.Split(' ')]);

        Assert.DoesNotMatch("warning.*StemJepa", built);
        string link = folder.PathOf("link");
        File.CreateSymbolicLink(link, folder.PathOf("out/Consumer"));
        string recording = Golden.PathOf("mix.wav");
        using StemAffinity model = StemAffinity.Create();
        float[] expected = model.Embed(AudioClip.Load(recording)).Vector.ToArray();
        foreach (string program in (string[])[folder.PathOf("out/Consumer"), link])
        {
            BufferedCommandResult run = await Cli.Wrap(program).WithArguments([recording]).WithWorkingDirectory("/")
                .WithEnvironmentVariables(variables => variables.Set("DOTNET_ROOT", DotNetRoot())).ExecuteBufferedAsync();
            float[] actual = [.. run.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => float.Parse(line, CultureInfo.InvariantCulture))];
            Assert.Equal("", run.StandardError);
            Assert.Equal(expected.Length, actual.Length);
            Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - tolerance, pair.First + tolerance));
        }
    }

    /// <summary>The runtime of this process: .../shared/Microsoft.NETCore.App/VERSION/.</summary>
    private static string DotNetRoot() => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
}
