using Grid.Engine.Configuration;
using Grid.Engine.Validation;
using Grid.Primitives.Ids;
using Grid.Primitives.Options;

namespace Grid.Engine.Tests.Validation;

public sealed class LayoutValidatorTests
{
    private const string Remedy = "Use --pipeline-parallel-size {0} with --tensor-parallel-size 1, which splits by layers.";

    private static readonly ModelConfig Llama = new()
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

    [Theory]
    [InlineData(4, 1, 1,
        "Total number of attention heads (6) must be divisible by tensor parallel size (4). Use --pipeline-parallel-size 2 with "
        + "--tensor-parallel-size 1, which splits by layers; there are 2.")]
    [InlineData(2, 1, 1, "Total number of key/value heads (3) must divide or be divisible by tensor parallel size (2). " + Remedy)]
    [InlineData(3, 1, 1,
        "intermediate_size (100) must be divisible by tensor parallel size (3). Use --pipeline-parallel-size 2 with "
        + "--tensor-parallel-size 1, which splits by layers; there are 2.")]
    [InlineData(1, 3, 1, "Number of layers (2) must be at least pipeline parallel size (3).")]
    [InlineData(0, 1, 1, "--tensor-parallel-size must be a whole number from 1 to 65536; got '0'.")]
    public void Validate_ALayoutThatCannotBe_SaysWhy(int tensor, int pipeline, int data, string message)
    {
        var error = Assert.Throws<ModelLoadException>(() => Validate(Llama, tensor, pipeline, data));
        Assert.Equal(string.Format(null, message, tensor), error.Message.Split(Environment.NewLine)[0]);
        Assert.Equal(ModelLoadFault.Layout, error.Kind);
    }

    [Fact]
    public void Validate_WidthsOfExperts_AreNamedAsTheConfigNamesThem()
    {
        var moe = Llama
            with
        { NumKeyValueHeads = 6, NumExperts = 4, IntermediateSize = 33, MoeIntermediateSize = 7, SharedExpertIntermediateSize = 9 };
        Assert.StartsWith("moe_intermediate_size (7) must", Assert.Throws<ModelLoadException>(() => Validate(moe, 3)).Message);
        Assert.StartsWith("intermediate_size (7) must",
            Assert.Throws<ModelLoadException>(() => Validate(moe with { Architecture = "MixtralForCausalLM" }, 3)).Message);
        Assert.StartsWith("shared_expert_intermediate_size (10) must",
            Assert.Throws<ModelLoadException>(
            () => Validate(moe with { MoeIntermediateSize = 6, SharedExpertIntermediateSize = 10 }, 3)).Message);
        Assert.StartsWith("ffn_dim (100) must",
            Assert.Throws<ModelLoadException>(() => Validate(Llama with { Architecture = "OPTForCausalLM" }, 3)).Message);
    }

    [Fact]
    public void Validate_OneLayer_HasNoRemedyOfStages() =>
        Assert.EndsWith(" Use --tensor-parallel-size 1; one layer is not split by layers either.",
        Assert.Throws<ModelLoadException>(() => Validate(Llama with { NumHiddenLayers = 1 }, 4)).Message);

    [Fact]
    public void Validate_OptionsWithoutEffect_AreRefused()
    {
        Refused("--expert-parallel-size (2) needs --enable-expert-parallel. Add it, or leave the size out.",
            new EngineOptions { ExpertParallelSize = 2 });
        Refused("--enable-eplb needs --enable-expert-parallel.", new EngineOptions { EnableEplb = true });
        Refused("--collective-timeout must be a duration above 0s, such as 250ms, 30s, 5m or 1h; got '0s'.",
            new EngineOptions { CollectiveTimeout = TimeSpan.Zero });

        static void Refused(string message, EngineOptions options) =>
            Assert.Equal(message, Assert.Throws<ModelLoadException>(() => EngineOptionsValidator.Validate(Llama, options)).Message);
    }

    [Fact]
    public void Validate_ProcessesWithACudaDevice_AreRefused()
    {
        var options = new EngineOptions { Devices = DeviceId.Cuda(0), DistributedExecutorBackend = ExecutorBackend.Process };
        EngineOptionsValidator.Validate(Llama, options);
        Assert.StartsWith("--distributed-executor-backend process exchanges tensors in host memory, and --device is cuda:0.",
            Assert.Throws<ModelLoadException>(
            () => EngineOptionsValidator.Validate(Llama, options with { PipelineParallelSize = 2 })).Message);
        EngineOptionsValidator.Validate(Llama,
            options with { PipelineParallelSize = 2, DistributedExecutorBackend = ExecutorBackend.InProcess });
    }

    [Fact]
    public void Validate_ALayoutThatDivides_Suits()
    {
        Validate(Llama with { IntermediateSize = 99 }, 3, 2, 4);
        EngineOptionsValidator.Validate(Llama, new EngineOptions());
        EngineOptionsValidator.Validate(null, new EngineOptions());
    }

    private static void Validate(ModelConfig config, int tensor, int pipeline = 1, int data = 1) => EngineOptionsValidator.Validate(
        config, new EngineOptions { TensorParallelSize = tensor, PipelineParallelSize = pipeline, DataParallelSize = data });
}
