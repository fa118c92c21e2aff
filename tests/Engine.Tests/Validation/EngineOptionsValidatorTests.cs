using Grid.Engine.Configuration;
using Grid.Engine.Validation;
using Grid.Primitives.Options;

namespace Grid.Engine.Tests.Validation;

public sealed class EngineOptionsValidatorTests
{
    private static readonly ModelConfig Config = new()
    {
        Architecture = "LlamaForCausalLM",
        ModelType = "llama",
        VocabSize = 320,
        HiddenSize = 96,
        IntermediateSize = 100,
        NumHiddenLayers = 2,
        NumAttentionHeads = 6,
        NumKeyValueHeads = 3,
        HeadDim = 16,
        MaxPositionEmbeddings = 256,
    };

    [Fact]
    public void Validate_SeveralFaults_ReportsAllTogether()
    {
        var options = new EngineOptions { MaxNumSeqs = 0, MaxNumBatchedTokens = -1, MaxNumQueuedReqs = 0, Runner = RunnerKind.Fast };
        Assert.Equal(
            [
                "--max-num-seqs must be a whole number from 1 to 65536; got '0'.",
                "--max-num-batched-tokens must be a whole number from 1 to 16777216; got '-1'.",
                "--max-num-queued-reqs must be a whole number of at least 1; got '0'.",
                "--runner fast is not supported yet. Use auto or eager or sim.",
            ],
            FaultsOf(options));
    }

    [Fact]
    public void Validate_SeveralFaultsOfTheLayout_ReportsAllTogether() => Assert.Equal(
        [
            "Total number of attention heads (6) must be divisible by tensor parallel size (4). "
                + "Use --pipeline-parallel-size 2 with --tensor-parallel-size 1, which splits by layers; there are 2.",
            "Total number of key/value heads (3) must divide or be divisible by tensor parallel size (4). "
                + "Use --pipeline-parallel-size 2 with --tensor-parallel-size 1, which splits by layers; there are 2.",
            "Number of layers (2) must be at least pipeline parallel size (3).",
            "Expert parallelism needs a mixture-of-experts model; llama has no experts.",
        ],
        FaultsOf(new EngineOptions { TensorParallelSize = 4, PipelineParallelSize = 3, EnableExpertParallel = true }));

    [Theory]
    [InlineData("quantization", "int8", "--quantization int8 is not supported yet. Use none.")]
    [InlineData("quantization", "fp8", "--quantization fp8 is not supported yet. Use none.")]
    [InlineData("runner", "fast", "--runner fast is not supported yet. Use auto or eager or sim.")]
    public void Validate_AChoiceOfALaterVersion_IsNotSupported(string option, string choice, string message)
    {
        Assert.True(EngineOptionTable.Row(option).TrySet(new EngineOptions(), choice, out var options));
        Assert.Equal([message], FaultsOf(options));
    }

    [Theory]
    [InlineData(RunnerKind.Auto)]
    [InlineData(RunnerKind.Eager)]
    public void Validate_EnforceEagerWithARunnerThatCanBe_IsFine(RunnerKind runner) =>
        EngineOptionsValidator.Validate(Config, new EngineOptions { EnforceEager = true, Runner = runner });

    [Fact]
    public void Validate_EnforceEagerWithAnotherRunner_IsRefused() => Assert.Equal(
        ["--enforce-eager must be combined with --runner auto or eager; got 'sim'."],
        FaultsOf(new EngineOptions { EnforceEager = true, Runner = RunnerKind.Sim }));

    private static string[] FaultsOf(EngineOptions options)
    {
        var exception = Assert.Throws<ModelLoadException>(() => EngineOptionsValidator.Validate(Config, options));
        Assert.Equal(ModelLoadFault.Layout, exception.Kind);
        return exception.Message.Split(Environment.NewLine);
    }
}
