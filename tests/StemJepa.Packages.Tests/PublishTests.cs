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

    [RequiresProgramTheory("gcc")]
    [InlineData("--self-contained false")]
    [InlineData("--self-contained true")]
    [InlineData("--self-contained true -p:PublishSingleFile=true")]
    [InlineData("--self-contained true -p:PublishTrimmed=true")]
    [InlineData("-p:PublishAot=true")]
    public async Task A_published_program_embeds_like_this_process(string options)
    {
        using var folder = new TemporaryFolder();
        var consumer = new Consumer(folder, packages, Program);
        await consumer.Add("StemJepa");

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
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        }
    }

    /// <summary>The runtime of this process: .../shared/Microsoft.NETCore.App/VERSION/.</summary>
    private static string DotNetRoot() => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
}
