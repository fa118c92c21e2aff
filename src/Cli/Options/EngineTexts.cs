using System.Globalization;
using Grid.Engine;

namespace Grid.Cli.Options;

/// <summary>Engine options as the keys and texts of a model's specification (interfaces.md section 2), without what stands at its default.</summary>
internal static class EngineTexts
{
    private static readonly EngineOptions Defaults = new();

    /// <summary>What differs from the defaults; layout and device are the placer's.</summary>
    public static Dictionary<string, string> Of(EngineOptions options)
    {
        var texts = new Dictionary<string, string>();
        Add("dtype", of => of.DType);
        Add("maxModelLen", of => of.MaxModelLen);
        Add("tokenizer", of => of.Tokenizer is { } path ? Path.GetFullPath(path) : null);
        Add("revision", of => of.Revision);
        Add("loadFormat", of => of.LoadFormat);
        Add("seed", of => of.Seed);
        Add("quantization", of => of.Quantization);
        Add("generationConfig", of => of.GenerationConfig is "auto" or "vllm" ? of.GenerationConfig : Path.GetFullPath(of.GenerationConfig));
        Add("chatTemplate", of => of.ChatTemplate is { } path ? Path.GetFullPath(path) : null);
        Add("maxNumSeqs", of => of.MaxNumSeqs);
        Add("maxNumBatchedTokens", of => of.MaxNumBatchedTokens);
        Add("blockSize", of => of.BlockSize);
        Add("enablePrefixCaching", of => of.EnablePrefixCaching);
        Add("enableChunkedPrefill", of => of.EnableChunkedPrefill);
        Add("schedulingPolicy", of => of.SchedulingPolicy);
        Add("maxNumQueuedReqs", of => of.MaxNumQueuedReqs);
        Add("maxLogprobs", of => of.MaxLogprobs);
        Add("gpuMemoryUtilization", of => of.GpuMemoryUtilization);
        Add("numGpuBlocksOverride", of => of.NumGpuBlocksOverride);
        Add("kvCacheMemoryBytes", of => of.KVCacheMemoryBytes);
        Add("batchInvariant", of => of.BatchInvariant);
        Add("runner", of => of.Runner);
        Add("cpuThreads", of => of.CpuThreads);
        Add("enableExpertParallel", of => of.EnableExpertParallel);
        Add("expertPlacementStrategy", of => of.ExpertPlacementStrategy);
        Add("enableEplb", of => of.EnableEplb);
        Add("eplbConfig", of => of.Eplb.ToString());
        Add("collectiveTimeout", of => $"{of.CollectiveTimeout.TotalMilliseconds}ms");
        return texts;

        void Add(string key, Func<EngineOptions, object?> value)
        {
            if (value(options) is { } given && !given.Equals(value(Defaults)))
                texts[key] = given is bool truth ? truth ? "true" : "false" : Convert.ToString(given, CultureInfo.InvariantCulture)!;
        }
    }
}
