using System.Text.Json;
using Grid.Engine.Configuration;
using Grid.Engine.Models.Files;
using Grid.TestUtilities;

namespace Grid.Engine.Tests.Models.Files;

public sealed class ModelConfigReaderTests
{
    private const string LlamaDimensions =
        "\"vocab_size\":320,\"hidden_size\":64,\"intermediate_size\":160,\"num_hidden_layers\":3,\"num_attention_heads\":8";

    [Theory]
    [InlineData("gpt2", "GPT2LMHeadModel")]
    [InlineData("llama-bf16", "LlamaForCausalLM")]
    [InlineData("llama-bias-headdim", "LlamaForCausalLM")]
    [InlineData("llama-linear-tied", "LlamaForCausalLM")]
    [InlineData("llama-llama3rope", "LlamaForCausalLM")]
    [InlineData("llama-v5config", "LlamaForCausalLM")]
    [InlineData("llama-yarn", "LlamaForCausalLM")]
    [InlineData("mistral-window", "MistralForCausalLM")]
    [InlineData("mixtral", "MixtralForCausalLM")]
    [InlineData("opt", "OPTForCausalLM")]
    [InlineData("opt-bin", "OPTForCausalLM")]
    [InlineData("opt-postnorm-proj", "OPTForCausalLM")]
    [InlineData("qwen2", "Qwen2ForCausalLM")]
    [InlineData("qwen2-moe", "Qwen2MoeForCausalLM")]
    [InlineData("qwen3", "Qwen3ForCausalLM")]
    [InlineData("qwen3-moe", "Qwen3MoeForCausalLM")]
    public void Read_EveryFixture_HasItsDimensions(string name, string architecture)
    {
        var config = ReadFixture(name);
        Assert.Equal(architecture, config.Architecture);
        Assert.Equal(name == "llama-yarn" ? 323 : 320, config.VocabSize);
        Assert.Equal(name == "llama-bias-headdim" ? 72 : 64, config.HiddenSize);
        Assert.Equal(name == "llama-bf16" ? "bfloat16" : "float32", config.DType);
        Assert.Equal(config.ModelType is "gpt2" or "opt", config.Rope is null);
    }

    [Fact]
    public void Read_Llama_BiasesAndHeadDim()
    {
        var config = ReadFixture("llama-bias-headdim");
        Assert.Equal((24, 3, 6), (config.HeadDim, config.NumKeyValueHeads, config.NumAttentionHeads));
        Assert.True(config.AttentionBias && config.AttentionOutputBias && config.MlpBias);
        Assert.False(config.TieWordEmbeddings);
        Assert.Equal(1e-5f, config.NormEps);
        Assert.Equal(0, config.BosTokenId);
        Assert.Equal([1], config.EosTokenIds);
    }

    [Fact]
    public void Read_RopeScaling_OldNewAndEveryType()
    {
        Assert.Equal(new RopeParameters { Theta = 100000 }, ReadFixture("llama-bf16").Rope);
        Assert.Equal(new RopeParameters(), ReadFixture("llama-v5config").Rope);
        Assert.Equal(new RopeParameters { Type = "linear", Factor = 2 }, ReadFixture("llama-linear-tied").Rope);
        Assert.Equal(new RopeParameters { Type = "yarn", Factor = 4, OriginalMaxPositionEmbeddings = 64 }, ReadFixture("llama-yarn").Rope);
        Assert.Equal(
            new RopeParameters
            {
                Type = "llama3", Theta = 500000, Factor = 8, LowFreqFactor = 1, HighFreqFactor = 4,
                OriginalMaxPositionEmbeddings = 64
            },
            ReadFixture("llama-llama3rope").Rope);
        Assert.Equal(
            new RopeParameters { Type = "dynamic", Theta = 5e5, Factor = 4 },
            Read($$"""
                {"architectures":["LlamaForCausalLM"],{{LlamaDimensions}},
                 "rope_parameters":{"rope_type":"dynamic","rope_theta":500000.0,"factor":4.0} }
                """).Rope);
    }

    [Fact]
    public void Read_RopeScalingWithoutAType_IsRefused()
    {
        var error = Assert.Throws<ModelLoadException>(() => Read($$"""
            {"architectures":["LlamaForCausalLM"],{{LlamaDimensions}},
             "rope_scaling":{"factor":8,"low_freq_factor":1,"high_freq_factor":4,"original_max_position_embeddings":64} }
            """));
        Assert.Contains("rope scaling must have a rope_type, one of ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Gpt2AndOpt_OwnNames()
    {
        var gpt2 = ReadFixture("gpt2");
        Assert.Equal((64, 256, 3, 4, 16, 256),
            (gpt2.HiddenSize, gpt2.IntermediateSize, gpt2.NumHiddenLayers, gpt2.NumAttentionHeads, gpt2.HeadDim,
            gpt2.MaxPositionEmbeddings));
        Assert.True(gpt2.AttentionBias && gpt2.AttentionOutputBias && gpt2.MlpBias && gpt2.TieWordEmbeddings);
        Assert.Equal("gelu_new", gpt2.HiddenAct);

        var opt = ReadFixture("opt-postnorm-proj");
        Assert.Equal((160, 32, 256), (opt.IntermediateSize, opt.WordEmbedProjDim, opt.MaxPositionEmbeddings));
        Assert.False(opt.DoLayerNormBefore);
        Assert.Equal("relu", opt.HiddenAct);
        Assert.Equal(64, ReadFixture("opt").WordEmbedProjDim);
    }

    [Fact]
    public void Read_MixtureOfExperts_OldAndNewNames()
    {
        var mixtral = ReadFixture("mixtral");
        Assert.Equal((4, 2, 96, true), (mixtral.NumExperts, mixtral.NumExpertsPerToken, mixtral.MoeIntermediateSize, mixtral.NormTopkProb));
        Assert.Equal(8, mixtral.HeadDim);

        var qwen2 = ReadFixture("qwen2-moe");
        Assert.Equal((8, 2, 48, 96, false),
            (qwen2.NumExperts, qwen2.NumExpertsPerToken, qwen2.MoeIntermediateSize, qwen2.SharedExpertIntermediateSize,
            qwen2.NormTopkProb));
        Assert.True(qwen2.AttentionBias);
        Assert.False(qwen2.AttentionOutputBias);
        Assert.Null(qwen2.SlidingWindow);

        var qwen3 = ReadFixture("qwen3-moe");
        Assert.Equal((8, 3, 48, 0, true),
            (qwen3.NumExperts, qwen3.NumExpertsPerToken, qwen3.MoeIntermediateSize, qwen3.SharedExpertIntermediateSize,
            qwen3.NormTopkProb));
        Assert.Equal([true, false, true, true], Enumerable.Range(0, 4).Select(qwen3.IsMoeLayer));

        Assert.Equal(8, ModelConfigReader.Read(Path.Combine(Fixtures.Model("guide-moe"), "config.json")).NumExperts);
    }

    [Fact]
    public void Read_SlidingWindow_ByFamily()
    {
        Assert.Equal(16, ReadFixture("mistral-window").WindowOf(2));
        Assert.Null(ReadFixture("qwen2").SlidingWindow);
        Assert.Equal(4096, Read($$"""{"architectures":["MistralForCausalLM"],{{LlamaDimensions}}}""").SlidingWindow);
        Assert.Null(Read($$"""{"architectures":["MistralForCausalLM"],{{LlamaDimensions}},"sliding_window":null}""").SlidingWindow);
        var qwen = Read(
            $$"""
            {"architectures":["Qwen2ForCausalLM"],{{LlamaDimensions}},
             "use_sliding_window":true,"sliding_window":32,"max_window_layers":2}
            """);
        Assert.Equal([null, null, 32], Enumerable.Range(0, 3).Select(qwen.WindowOf));
        var listed = Read(
            $$"""
            {"architectures":["Qwen3ForCausalLM"],{{LlamaDimensions}},"use_sliding_window":true,"sliding_window":32,
             "layer_types":["sliding_attention","full_attention","full_attention"]}
            """);
        Assert.Equal([32, null, null], Enumerable.Range(0, 3).Select(listed.WindowOf));
    }

    [Fact]
    public void Read_AbsentKeys_TakeTheFamilysDefaults()
    {
        var llama = Read($$"""{"model_type":"llama",{{LlamaDimensions}}}""");
        Assert.Equal((8, 8, 2048, 1e-6f, false),
            (llama.NumKeyValueHeads, llama.HeadDim, llama.MaxPositionEmbeddings, llama.NormEps, llama.TieWordEmbeddings));
        Assert.Equal(1, llama.BosTokenId);
        Assert.Equal([2], llama.EosTokenIds);
        Assert.Null(llama.DType);
        var mixtral = Read($$"""{"architectures":["MixtralForCausalLM"],{{LlamaDimensions}}}""");
        Assert.Equal((8, 2, 1e6), (mixtral.NumExperts, mixtral.NumExpertsPerToken, mixtral.Rope!.Theta));
        Assert.Equal(128, Read($$"""{"architectures":["Qwen3ForCausalLM"],{{LlamaDimensions}}}""").HeadDim);
        var gpt2 = Read("""{"architectures":["GPT2LMHeadModel"],"vocab_size":320,"n_embd":64,"n_layer":3,"n_head":4}""");
        Assert.Equal((1024, 1e-5f, true), (gpt2.MaxPositionEmbeddings, gpt2.NormEps, gpt2.TieWordEmbeddings));
    }

    [Fact]
    public void Read_EosList_KeepsAll() =>
        Assert.Equal([128001, 128009],
        Read($$"""{"architectures":["LlamaForCausalLM"],{{LlamaDimensions}},"eos_token_id":[128001,128009]}""").EosTokenIds);

    [Theory]
    [InlineData("""{"architectures":["FalconForCausalLM"]}""",
        "FalconForCausalLM is not supported. Supported: LlamaForCausalLM, MistralForCausalLM")]
    [InlineData("""{"model_type":"falcon"}""", "falcon")]
    [InlineData("""{}""", "architecture missing")]
    [InlineData("""{"architectures":"LlamaForCausalLM"}""", "architectures must be a list of strings")]
    [InlineData("""{"architectures":["LlamaForCausalLM"],"vocab_size":320}""", "hidden_size is missing")]
    [InlineData("""{"architectures":["LlamaForCausalLM"],"hidden_size":"big"}""", "hidden_size must be a whole number; got \"big\"")]
    [InlineData("""{"architectures":["LlamaForCausalLM"],"hidden_size":0}""", "hidden_size must be at least 1; got 0")]
    [InlineData("""{"architectures":["LlamaForCausalLM"],"hidden_size":99999999999}""", "hidden_size")]
    [InlineData("""{"architectures":["LlamaForCausalLM"],DIM,"num_key_value_heads":3}""", "must be divisible by num_key_value_heads (3)")]
    [InlineData("""{"architectures":["LlamaForCausalLM"],DIM,"rope_scaling":{"type":"longrope"}}""",
        "longrope is not supported. Supported: default, linear, dynamic, llama3, yarn")]
    [InlineData("""{"architectures":["LlamaForCausalLM"],DIM,"rope_scaling":{"type":"linear"}}""", "linear needs a factor")]
    [InlineData("""{"architectures":["LlamaForCausalLM"],DIM,"rope_scaling":{"type":"linear","factor":-1}}""",
        "rope_scaling.factor must be above 0")]
    [InlineData("""{"architectures":["LlamaForCausalLM"],DIM,"torch_dtype":"float64"}""",
        "torch_dtype must be float32, bfloat16 or float16; got float64")]
    [InlineData("""{"architectures":["LlamaForCausalLM"],DIM,"quantization_config":{"quant_method":"gptq"}}""", "gptq")]
    [InlineData("""{"architectures":["MixtralForCausalLM"],DIM,"num_experts_per_tok":9}""", "num_experts_per_tok (9)")]
    [InlineData("""{"architectures":["Qwen2ForCausalLM"],DIM,"use_sliding_window":true,"layer_types":["full_attention"]}""",
        "layer_types must name 3 layers")]
    [InlineData("""{"architectures":["LlamaForCausalLM"],DIM,"head_dim":2147483646}""",
        "num_attention_heads x head_dim must be at most 16777216; got 17179869168")]
    [InlineData("""{"architectures":["GPT2LMHeadModel"],"vocab_size":9,"n_embd":2147483640,"n_layer":1,"n_head":8}""",
        "hidden_size must be at most 16777216")]
    [InlineData(
        """
        {"architectures":["Qwen2ForCausalLM"],"vocab_size":9,"hidden_size":8,"intermediate_size":8,"num_attention_heads":8,
         "num_hidden_layers":2147483647}
        """,
        "num_hidden_layers must be at most 65536")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("{", "not valid JSON")]
    public void Read_BrokenConfig_NamesKeyAndValue(string json, string expected)
    {
        using var folder = new Weights.TemporaryFolder();
        var path = folder.Write("config.json", json.Replace("DIM", LlamaDimensions, StringComparison.Ordinal));
        var error = Assert.Throws<ModelLoadException>(() => ModelConfigReader.Read(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static ModelConfig ReadFixture(string name) => ModelConfigReader.Read(Fixtures.Own($"hf/{name}/config.json"));

    private static ModelConfig Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return ModelConfigReader.Read("config.json", document.RootElement);
    }
}
