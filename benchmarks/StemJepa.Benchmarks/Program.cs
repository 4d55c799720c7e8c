using BenchmarkDotNet.Running;
using StemJepa.Benchmarks;
using StemJepa.Benchmarks.Comparison;

switch (args)
{
    case ["compare", ..]:
        return await CompareCommand.Create().Parse(args[1..]).InvokeAsync();
    case ["catalog", .. var options]:
        return await CatalogBenchmark.RunAsync(options);
    case ["training", .. var rest]:
        return await TrainingThroughput.RunAsync(rest);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(TrainingThroughput).Assembly).Run(args);
        return 0;
}
