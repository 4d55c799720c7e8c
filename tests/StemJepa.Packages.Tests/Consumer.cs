using StemJepa.TestSupport;

namespace StemJepa.Packages.Tests;

/// <summary>An empty console program in a folder of its own, to which the packed packages can be added.</summary>
internal sealed class Consumer
{
    private readonly TemporaryFolder _folder;
    private readonly PackedPackages _packages;
    private readonly Dictionary<string, string> _environment;

    public Consumer(TemporaryFolder folder, PackedPackages packages, string program)
    {
        _folder = folder;
        _packages = packages;
        _environment = new Dictionary<string, string> { ["NUGET_PACKAGES"] = folder.PathOf("packages") };
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
        File.WriteAllText(folder.PathOf("Program.cs"), program);
    }

    /// <summary>Adds one of the packed packages.</summary>
    public Task Add(string package) => DotNet("add", "package", package, "--version", _packages.Version);

    /// <summary>Runs a command of the SDK on the program; returns its standard output.</summary>
    public Task<string> DotNet(params string[] arguments) => TestSupport.DotNet.RunAsync(_folder.Root, _environment, arguments);

    private static string UserPackages() => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
