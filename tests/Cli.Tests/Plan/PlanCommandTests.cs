using System.Text.Json.Nodes;
using Grid.Abstractions;
using Grid.Cli.Tests.Processes;

namespace Grid.Cli.Tests.Plan;

public sealed class PlanCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("grid-plan-").FullName;

    public PlanCommandTests() => File.WriteAllText(Path.Combine(_folder, "config.json"), """
        {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 128256, "hidden_size": 8192,
         "intermediate_size": 28672,
         "num_hidden_layers": 80, "num_attention_heads": 64, "num_key_value_heads": 8,
         "max_position_embeddings": 8192, "torch_dtype": "bfloat16"}
        """);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("--gpu-memory 160GiB", "single", 1, 1)]
    [InlineData("--gpus-per-node 4 --gpu-memory 80GiB", "tensor", 4, 1)]
    [InlineData("--device sim:4x80GiB", "tensor", 4, 1)]
    [InlineData("--device sim:4x80GiB --no-nvlink", "pipeline", 1, 4)]
    [InlineData("--nodes 2 --gpus-per-node 8 --gpu-memory 16GiB", "tensor_pipeline", 8, 2)]
    [InlineData("--device sim:8x16GiB --device sim:8x16GiB -tp 16", "tensor", 16, 1)]
    public async Task Plan_AModelThatFits_ExitsZero(string flags, string strategy, int tensor, int pipeline)
    {
        var (code, output, error) = await PlanAsync(flags + " -o json");

        Assert.True(code == ExitCodes.Done, error + output);
        var plan = JsonNode.Parse(output)!;
        Assert.Equal(
            ["fits", "strategy", "tensor_parallel_size", "pipeline_parallel_size", "data_parallel_size", "expert_parallel_size",
            "pipeline_layer_partition",
             "weights_bytes_per_device", "kv_cache_tokens", "max_concurrency", "reasons", "needed_bytes", "available_bytes",
             "longest_model_len"],
            plan.AsObject().Select(pair => pair.Key));
        Assert.True((bool)plan["fits"]!);
        Assert.Equal(strategy, (string)plan["strategy"]!);
        Assert.Equal((tensor, pipeline), ((int)plan["tensor_parallel_size"]!, (int)plan["pipeline_parallel_size"]!));
        Assert.Equal(80, plan["pipeline_layer_partition"]!.AsArray().Sum(layers => (int)layers!));
        Assert.NotEmpty(plan["reasons"]!.AsArray());
    }

    [Fact]
    public async Task Plan_AModelThatDoesNotFit_ExitsRefusedWithWhatIsNeeded()
    {
        var (code, output, _) = await PlanAsync("--gpus-per-node 2 --gpu-memory 40GiB -o json");

        Assert.Equal(ExitCodes.Refused, code);
        var plan = JsonNode.Parse(output)!;
        Assert.False((bool)plan["fits"]!);
        Assert.True((long)plan["needed_bytes"]! > (long)plan["available_bytes"]!);
    }

    [Theory]
    [InlineData("--gpu-memory 80GiB -tp 3", "Total number of attention heads (64) must be divisible by tensor parallel size (3).")]
    [InlineData("--gpu-memory 80GiB -pp 81", "Number of layers (80) must be at least pipeline parallel size (81).")]
    [InlineData("--gpu-memory 80GiB --enable-expert-parallel",
        "Expert parallelism needs a mixture-of-experts model; llama has no experts.")]
    [InlineData("--gpu-memory 80GiB --expert-parallel-size 2", "--expert-parallel-size (2) needs --enable-expert-parallel.")]
    [InlineData("--gpu-memory 80GB", "--gpu-memory must be a size in B, KiB, MiB, GiB or TiB")]
    [InlineData("--nodes 2", "--gpu-memory must be given")]
    [InlineData("--nodes 2 --device sim:1x8GiB", "--device cannot be combined with --nodes")]
    [InlineData("--device sim:0x8GiB", "--device must be auto or cpu[:MEM] or cuda:NxMEM or sim:NxMEM; got 'sim:0x8GiB'.")]
    [InlineData("--device gpu:8", "--device must be auto or cpu[:MEM] or cuda:NxMEM or sim:NxMEM; got 'gpu:8'.")]
    [InlineData("--gpu-memory 80GiB -pp 2 --pipeline-layer-partition 40,x", "--pipeline-layer-partition must be whole numbers")]
    [InlineData("--gpu-memory 80GiB --max-model-len 9000", "--max-model-len must be at most 8192")]
    public async Task Plan_WhatCannotBe_ExitsWithUsage(string flags, string words)
    {
        var (code, output, error) = await PlanAsync(flags);

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains(words, error);
        Assert.Empty(output);
    }

    [Fact]
    public async Task Plan_Table_ShowsReasonsShardsAndTheLinesOfTheLog()
    {
        var (code, output, _) = await PlanAsync("--gpus-per-node 4 --gpu-memory 80GiB");

        Assert.Equal(ExitCodes.Done, code);
        Assert.StartsWith("fits: tensor (tensor 4, pipeline 1, data 1, expert 1)", output);
        Assert.Contains("dp0/pp0/tp3", output);
        Assert.Matches(@"GPU KV cache size: [\d,]+ tokens", output);
        Assert.Matches(@"Maximum concurrency for 8,192 tokens per request: \d+\.\d\dx", output);
    }

    [Theory]
    [InlineData("guide", ExitCodes.Done)]
    [InlineData("sim", ExitCodes.Usage)]
    [InlineData("no-such-model", ExitCodes.NotFound)]
    public async Task Plan_ANamedModel_ExitsWithItsCode(string model, int expected) =>
        Assert.Equal(expected, (await InProcess.RunAsync("plan", model, "--device", "cpu:8GiB")).ExitCode);

    private Task<(int ExitCode, string Output, string Error)> PlanAsync(string flags) =>
        InProcess.RunAsync(["plan", _folder, .. flags.Split(' ')]);
}
