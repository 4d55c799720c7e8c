// libtorch has one random generator per process: tests that seed it must not run side by side.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
