// Servers and searches want the processors for themselves.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
