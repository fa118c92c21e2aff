using System.Text.Json.Nodes;
using Grid.Engine.Planning;

namespace Grid.Cli.Plan;

/// <summary>A plan as <c>-o json</c> writes it.</summary>
internal static class PlanDocument
{
    public static JsonObject Of(ParallelPlan plan) => new()
    {
        ["fits"] = plan.Fits,
        ["strategy"] = plan.Layout.Strategy,
        ["tensor_parallel_size"] = plan.Layout.Tensor,
        ["pipeline_parallel_size"] = plan.Layout.Pipeline,
        ["data_parallel_size"] = plan.Layout.Data,
        ["expert_parallel_size"] = Math.Max(1, plan.Layout.Expert),
        ["pipeline_layer_partition"] = new JsonArray([.. plan.PipelineLayers.Select(layers => JsonValue.Create(layers))]),
        ["weights_bytes_per_device"] = plan.WeightsBytesPerDevice,
        ["kv_cache_tokens"] = plan.KVCacheTokens,
        ["max_concurrency"] = Math.Round(plan.MaxConcurrency, 2),
        ["reasons"] = new JsonArray([.. plan.Reasons.Select(reason => JsonValue.Create(reason))]),
        ["needed_bytes"] = plan.NeededBytes,
        ["available_bytes"] = plan.AvailableBytes,
        ["longest_model_len"] = plan.LongestModelLen,
    };
}
