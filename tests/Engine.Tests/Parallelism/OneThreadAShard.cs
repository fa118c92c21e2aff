namespace Grid.Engine.Tests.Parallelism;

/// <summary>Tests that change libtorch's number of threads, which the whole process shares: nothing runs beside them.</summary>
[CollectionDefinition(nameof(OneThreadAShard), DisableParallelization = true)]
public static class OneThreadAShard;
