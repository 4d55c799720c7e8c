using System.CommandLine;
using BenchmarkDotNet.Running;
using StemJepa;
using StemJepa.Benchmarks;
using StemJepa.Benchmarks.Comparison;
using StemJepa.Benchmarks.Growth;
using StemJepa.Benchmarks.Planning;
using StemJepa.Benchmarks.Precision;
using StemJepa.Benchmarks.TrainingSpeed;
using StemJepa.Benchmarks.UserPath;
using StemJepa.Benchmarks.VectorSets;

switch (args)
{
    case [Trial.Verb, .. var trial]:
        Trial.Run(trial);
        return 0;
    case ["catalog" or "compare" or "path" or "growth" or "precision" or "plan" or "vector-sets" or "training", ..]:
        return await MeasureAsync(args);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(FrontEndBenchmarks).Assembly).Run(args);
        return 0;
}

static async Task<int> MeasureAsync(string[] arguments)
{
    var root = new RootCommand("Measures StemJepa on this machine.")
    {
        CatalogBenchmark.Create(), CompareCommand.Create(), PathCommand.Create(), GrowthCommand.Create(), PrecisionCommand.Create(), PlanCommand.Create(), VectorSetsCommand.Create(), TrainingSpeedCommand.Create(),
    };
    try
    {
        return await root.Parse(arguments).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }
    catch (StemJepaException error)
    {
        await Console.Error.WriteLineAsync(error.Message);
        return 1;
    }
    catch (OperationCanceledException)
    {
        await Console.Error.WriteLineAsync("Stopped; nothing was written.");
        return 1;
    }
}
