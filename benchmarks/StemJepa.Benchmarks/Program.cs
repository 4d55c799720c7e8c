using BenchmarkDotNet.Running;
using StemJepa.Benchmarks;

if (args is ["training", .. var rest])
    return await TrainingThroughput.RunAsync(rest);
if (args is ["catalog", .. var options])
    return await CatalogBenchmark.RunAsync(options);
BenchmarkSwitcher.FromAssembly(typeof(TrainingThroughput).Assembly).Run(args);
return 0;
