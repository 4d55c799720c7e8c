using System.Reflection;
using System.Runtime.CompilerServices;
using PublicApiGenerator;
using StemJepa.TestSupport;

namespace StemJepa.Packages.Tests;

/// <summary>The public API of every package that holds code. Oracle: the committed texts in the folder PublicApi.</summary>
public sealed class PublicApiTests
{
    private const string Accept = "STEMJEPA_ACCEPT_API";

    [Theory]
    [InlineData("StemJepa")]
    [InlineData("StemJepa.Analysis")]
    [InlineData("StemJepa.Catalog")]
    [InlineData("StemJepa.Extensions")]
    [InlineData("StemJepa.Formats")]
    [InlineData("StemJepa.Redis")]
    [InlineData("StemJepa.Server")]
    public void Public_api_is_the_committed_one(string assembly)
    {
        string baseline = Repository.PathOf($"tests/StemJepa.Packages.Tests/PublicApi/{assembly}.txt");
        string actual = Generate(assembly);
        if (Environment.GetEnvironmentVariable(Accept) == "1")
            File.WriteAllText(baseline, actual);
        string committed = File.Exists(baseline) ? File.ReadAllText(baseline).ReplaceLineEndings("\n") : "";
        string[] before = committed.Split('\n'), after = actual.Split('\n');
        Assert.True(committed == actual,
            $"""
            The public API of {assembly} is not that of {baseline}.
            Removed: {string.Join(" | ", before.Except(after).Select(line => line.Trim()))}
            Added: {string.Join(" | ", after.Except(before).Select(line => line.Trim()))}
            If that is meant, run {Accept}=1 dotnet test tests/StemJepa.Packages.Tests --filter PublicApi, commit the file,
            and describe the change in CHANGELOG.md.
            """);
    }

    private static string Generate(string assembly)
    {
        var options = new ApiGeneratorOptions
        {
            IncludeAssemblyAttributes = false,
            DenyNamespacePrefixes = [],
            OrderBy = OrderMode.NamespaceThenFullName,
            ExcludeAttributes =
            [
                typeof(AsyncIteratorStateMachineAttribute).FullName!, typeof(EnumeratorCancellationAttribute).FullName!,
                typeof(SkipLocalsInitAttribute).FullName!, typeof(TupleElementNamesAttribute).FullName!,
            ],
        };
        return Assembly.Load(assembly).GeneratePublicApi(options).ReplaceLineEndings("\n").TrimEnd() + "\n";
    }
}
