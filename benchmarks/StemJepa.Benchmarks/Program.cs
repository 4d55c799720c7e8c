using System.CommandLine;
using BenchmarkDotNet.Running;
using StemJepa;
using StemJepa.Benchmarks;
using StemJepa.Benchmarks.Catalogs;
using StemJepa.Benchmarks.Comparison;
using StemJepa.Benchmarks.Growth;
using StemJepa.Benchmarks.Planning;
using StemJepa.Benchmarks.Precision;
using StemJepa.Benchmarks.TrainingSpeed;
using StemJepa.Benchmarks.UserPath;

if (args is [Trial.Verb, .. var trial])
{
    Trial.Run(trial);
    return 0;
}
var root = new RootCommand("Measures StemJepa on this machine.")
{
    CatalogCommand.Create(), CompareCommand.Create(), FitCommand.Create(), GrowthCommand.Create(), PathCommand.Create(),
    PlanCommand.Create(), PrecisionCommand.Create(), TrainingSpeedCommand.Create(), VectorSetsCommand.Create(),
};
if (args.Length == 0 || root.Subcommands.All(command => command.Name != args[0]))
{
    BenchmarkSwitcher.FromAssembly(typeof(FrontEndBenchmarks).Assembly).Run(args);
    return 0;
}
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
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
