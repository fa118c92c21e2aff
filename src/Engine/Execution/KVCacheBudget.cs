using Grid.Engine.Devices;
using Grid.Engine.Requests;
using Grid.Engine.Scheduling;

namespace Grid.Engine.Execution;

/// <summary>
/// How much of a device's memory the KV cache may take. As in vLLM, the largest step is run once to see what it needs beside it.
/// </summary>
internal static class KVCacheBudget
{
    /// <summary>Bytes of <c>--gpu-memory-utilization</c> that nothing uses after the step.</summary>
    /// <param name="runner">With its weights, but without a KV cache yet.</param>
    /// <param name="options">Largest step and share of the memory.</param>
    public static long Measure(IModelRunner runner, EngineOptions options, IDeviceMemory memory)
    {
        RunLargestStep(runner, options);
        var (free, total) = memory.Read();
        return Math.Max(0, (long)(options.GpuMemoryUtilization * total) - (total - free));
    }

    private static void RunLargestStep(IModelRunner runner, EngineOptions options)
    {
        var length = Math.Min(options.MaxNumBatchedTokens, runner.Info.MaxModelLen ?? int.MaxValue);
        if (options.MaxModelLen > 0) length = Math.Min(length, options.MaxModelLen.Value);
        var requests = Math.Clamp(options.MaxNumBatchedTokens / length, 1, options.MaxNumSeqs);
        var blocks = (length + runner.Info.BlockSize - 1) / runner.Info.BlockSize;
        runner.KVCache.Reserve(requests * blocks);
        var step = new SchedulerOutput();
        for (var i = 0; i < requests; i++)
        {
            var request = new Request(new() { Id = $"profile-{i}", PromptTokenIds = new int[length], Sampling = new() });
            for (var block = 0; block < blocks; block++) request.BlockTable.Append(i * blocks + block);
            step.Add(new ScheduledRequest(request, 0, length, i == 0 ? Math.Min(length, options.MaxNumSeqs) : 1));
        }

        runner.Submit(step);
        runner.Collect();
    }
}
