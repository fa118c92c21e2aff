using Grid.Engine.Devices;
using Grid.Engine.Execution;
using Grid.Engine.KVCache;
using Grid.Engine.Scheduling;
using Grid.Engine.Simulation;
using Grid.Primitives.Options;

namespace Grid.Engine.Tests.Execution;

public sealed class KVCacheBudgetTests
{
    [Theory]
    [InlineData(1000, 900, 800)]
    [InlineData(1000, 400, 300)]
    [InlineData(1000, 50, 0)]
    public void Measure_AfterTheLargestStep_GivesWhatIsLeftOfTheShare(long total, long free, long expected)
    {
        var runner = new StepRecorder();
        var options = new EngineOptions { GpuMemoryUtilization = 0.9, MaxNumBatchedTokens = 2048, MaxModelLen = 500, MaxNumSeqs = 3 };
        Assert.Equal(expected, KVCacheBudget.Measure(runner, options, new Memory(runner, free, total)));
        Assert.Equal((3, 1500), (runner.Requests, runner.Tokens));
        Assert.Equal(3 * 32, runner.Blocks);
    }

    private sealed class Memory(StepRecorder runner, long free, long total) : IDeviceMemory
    {
        public (long Free, long Total) Read()
        {
            Assert.True(runner.Tokens > 0, "Memory is read before the step.");
            return (free, total);
        }
    }

    private sealed class StepRecorder : IModelRunner
    {
        private readonly SimulatedModelRunner _inner = new(SimOptions.Instant with { MaxModelLen = 4096 }, 16);

        public ModelRunnerInfo Info => _inner.Info;

        public int Blocks => KVCache.NumBlocks;

        public int Requests { get; private set; }

        public int Tokens { get; private set; }

        public IKVCacheStorage KVCache => _inner.KVCache;

        public void Submit(SchedulerOutput step)
        {
            (Requests, Tokens) = (step.Requests.Count, step.NumTokens);
            _inner.Submit(step);
        }

        public ModelRunnerOutput Collect() => _inner.Collect();

        public void Dispose() => _inner.Dispose();
    }
}
