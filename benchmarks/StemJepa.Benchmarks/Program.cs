using BenchmarkDotNet.Running;
using StemJepa.Benchmarks;

if (args is ["training", .. var rest])
    return await TrainingThroughput.RunAsync(rest);
BenchmarkSwitcher.FromAssembly(typeof(TrainingThroughput).Assembly).Run(args);
return 0;
