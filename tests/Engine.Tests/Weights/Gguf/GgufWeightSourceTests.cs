using Grid.Engine.Configuration;
using Grid.Engine.Models.Families;
using Grid.Engine.Models.Files;
using Grid.Engine.Weights;
using Grid.Engine.Weights.Folders;
using Grid.Engine.Weights.Gguf;
using Grid.TestUtilities;
using Grid.Tokenization.Gguf;

namespace Grid.Engine.Tests.Weights.Gguf;

public sealed class GgufWeightSourceTests
{
    [Theory]
    [InlineData("llama-bias-headdim", "llama")]
    [InlineData("llama-linear-tied", "llama")]
    [InlineData("mixtral", "llama")]
    [InlineData("qwen2", "qwen2")]
    [InlineData("qwen3", "qwen3")]
    [InlineData("qwen2-moe", "qwen2moe")]
    [InlineData("gpt2", "gpt2")]
    public void Find_CheckpointWrittenAsGguf_GivesTheCheckpointBack(string fixture, string architecture)
    {
        var config = ModelConfigReader.Read(Fixtures.Own($"hf/{fixture}/config.json"));
        using var folder = new TemporaryFolder();
        using var checkpoint = WeightSources.OpenFolder(Fixtures.Own($"hf/{fixture}"), ModelRegistry.Of(config).TensorPrefix);
        var file = new GgufFile(folder.Write("m.gguf", Convert(checkpoint, config, architecture)));
        var read = ModelConfigReader.Read(file);
        using var source = new GgufWeightSource(file, ModelRegistry.Of(read).GgufTensors, read.HeadDim);

        Tensors.AssertSame(checkpoint, source);
        Assert.Equal(config with { Rope = null, DType = null, MlpOnlyLayers = [], EosTokenIds = [], BosTokenId = null },
            read with { Rope = null, DType = null, MlpOnlyLayers = [], EosTokenIds = [], BosTokenId = null });
        Assert.Equal(config.Rope, read.Rope);
        Assert.Equal("float32", read.DType);
    }

    [Fact]
    public void Find_SplitExpertsOfOlderFiles_AreNamedToo()
    {
        var names = ModelRegistry.Of(ModelConfigReader.Read(Fixtures.Own("hf/mixtral/config.json"))).GgufTensors;
        Assert.Equal("model.layers.2.block_sparse_moe.experts.3.w1.weight", names.Translate("blk.2.ffn_gate.3.weight"));
        Assert.Equal("model.layers.2.block_sparse_moe.experts.{0}.w2.weight", names.Translate("blk.2.ffn_down_exps.weight"));
        Assert.Null(names.Translate("blk.2.ffn_gate.weight"));
        Assert.Null(names.Translate("blk.2.ffn_down_exps.3.weight"));
        Assert.Null(names.Translate("blk.2.attn_q.3.weight"));
        Assert.Null(names.Translate("rope_freqs.weight"));
    }

    [Fact]
    public void Read_Stories260K_EqualsTheHuggingFaceFolder()
    {
        var path = Fixtures.Shared("models/stories260K.gguf");
        var folder = Fixtures.Shared("models/stories260K");
        if (path is null || folder is null) Assert.Skip("models/stories260K is not in the shared fixtures.");
        var file = new GgufFile(path);
        var config = ModelConfigReader.Read(file);
        using var source = new GgufWeightSource(file, ModelRegistry.Of(config).GgufTensors, config.HeadDim);
        using var expected = WeightSources.OpenFolder(folder, "model.");

        Assert.Equal(("LlamaForCausalLM", 64, 5, 128, 512),
            (config.Architecture, config.HiddenSize, config.NumHiddenLayers, config.MaxPositionEmbeddings, config.VocabSize));
        Assert.Equal([2], config.EosTokenIds);
        foreach (var name in expected.Names)
            Assert.True(Tensors.Bits(expected.Find(name)!).AsSpan().SequenceEqual(Tensors.Bits(source.Find(name)!)), name);

        var vocabulary = GgufVocabularyReader.Read(file.Metadata);
        Assert.Equal(GgufVocabularyKind.Llama, vocabulary.Kind);
        Assert.Equal((512, 512, 512), (vocabulary.Tokens.Count, vocabulary.Scores!.Count, vocabulary.TokenTypes!.Count));
        Assert.Equal(GgufTokenType.Byte, vocabulary.TokenTypes[3]);
        Assert.Equal((1, 2, 0), (vocabulary.BosTokenId, vocabulary.EosTokenId, vocabulary.UnknownTokenId));
        Assert.Null(vocabulary.PaddingTokenId);
    }

    [Fact]
    public void Read_SmolLM2_Opens()
    {
        var path = Fixtures.SharedModel("smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf");
        if (path is null) Assert.Skip("smollm2-135m-instruct is not among the shared models.");
        var file = new GgufFile(path);
        var config = ModelConfigReader.Read(file);
        using IWeightSource source = new GgufWeightSource(file, ModelRegistry.Of(config).GgufTensors, config.HeadDim);

        Assert.Equal((576, 30, 9, 3, 64, 49152, "bfloat16"),
            (config.HiddenSize, config.NumHiddenLayers, config.NumAttentionHeads, config.NumKeyValueHeads, config.HeadDim, config.VocabSize,
            config.DType));
        Assert.True(config.TieWordEmbeddings);
        Assert.Equal(100000, config.Rope!.Theta);
        Assert.Equal(1 + 1 + 30 * 9, source.Names.Count);
        var embedding = source.Require("model.embed_tokens.weight", 49152, 576);
        var row = new float[576];
        embedding.ReadRows(49151, 1, row);
        Assert.All(row, value => Assert.True(float.IsFinite(value)));
        var vocabulary = GgufVocabularyReader.Read(file.Metadata);
        Assert.Equal((GgufVocabularyKind.Gpt2, "smollm", 48900, false),
            (vocabulary.Kind, vocabulary.PreTokenizer, vocabulary.Merges!.Count, vocabulary.AddBosToken));
        Assert.StartsWith("{% for message in messages %}", vocabulary.ChatTemplate, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_RopeFreqs_BecomeFrequencyFactors()
    {
        using var folder = new TemporaryFolder();
        using var file = new GgufFile(folder.Write("m.gguf", Llama().AddTensor("rope_freqs.weight", [4], [1, 2, 4, 8f]).Build()));
        var rope = ModelConfigReader.Read(file).Rope!;
        Assert.Equal("default", rope.Type);
        Assert.Equal([1f, 2f, 4f, 8f], rope.FrequencyFactors);
    }

    [Fact]
    public void Read_Yarn_ReachesTheConfig()
    {
        using var folder = new TemporaryFolder();
        var builder = Llama().Add("llama.rope.scaling.type", "yarn").Add("llama.rope.scaling.factor", 4f)
            .Add("llama.rope.scaling.original_context_length", 64u);
        using var file = new GgufFile(folder.Write("m.gguf", builder.Build()));
        var config = ModelConfigReader.Read(file);
        Assert.Equal(new RopeParameters { Type = "yarn", Factor = 4, OriginalMaxPositionEmbeddings = 64 }, config.Rope);
        Assert.Equal(256, MaxModelLength.Derive(config));
    }

    [Theory]
    [InlineData("general.architecture", "falcon", "architecture falcon is not supported. Supported: llama, qwen2")]
    [InlineData("llama.rope.scaling.type", "longrope", "rope scaling longrope is not supported")]
    [InlineData("llama.context_length", "many", "llama.context_length must be a 32-bit whole number; got many")]
    public void Read_MetadataThatDoesNotSuit_IsNamed(string key, string value, string expected)
    {
        using var folder = new TemporaryFolder();
        using var file = new GgufFile(folder.Write("m.gguf", Llama(except: key).Add(key, value).Build()));
        Assert.Contains(expected, Assert.Throws<ModelLoadException>(() => ModelConfigReader.Read(file)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama.embedding_length")]
    [InlineData("llama.block_count")]
    [InlineData("llama.attention.head_count")]
    [InlineData("llama.context_length")]
    [InlineData("general.architecture")]
    public void Read_MissingMetadata_IsNamed(string key)
    {
        using var folder = new TemporaryFolder();
        using var file = new GgufFile(folder.Write("m.gguf", Llama(except: key).Build()));
        Assert.Contains($"metadata {key} is missing", Assert.Throws<ModelLoadException>(() => ModelConfigReader.Read(file)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Read_VocabularyThatDoesNotSuit_IsNamed()
    {
        using var folder = new TemporaryFolder();
        using var file = new GgufFile(folder.Write("m.gguf", Llama().Add("tokenizer.ggml.model", "bert").Build()));
        Assert.Contains("tokenizer.ggml.model bert",
            Assert.Throws<ModelLoadException>(() => GgufVocabularyReader.Read(file.Metadata)).Message, StringComparison.Ordinal);
        using var other = new GgufFile(
            folder.Write("n.gguf",
            Llama().Add("tokenizer.ggml.model", "gpt2").Add("tokenizer.ggml.tokens", ["a", "b"]).Add("tokenizer.ggml.eos_token_id", 2u)
                .Build()));
        Assert.Contains("eos_token_id must be below 2; got 2",
            Assert.Throws<ModelLoadException>(() => GgufVocabularyReader.Read(other.Metadata)).Message, StringComparison.Ordinal);
    }

    private static GgufBuilder Llama(string except = "")
    {
        var builder = new GgufBuilder();
        if (except != "general.architecture") builder.Add("general.architecture", "llama");
        (string Key, uint Value)[] numbers = [("embedding_length", 64), ("block_count", 1), ("attention.head_count", 8),
            ("context_length", 128), ("feed_forward_length", 160)];
        foreach (var (key, value) in numbers)
            if (except != $"llama.{key}") builder.Add($"llama.{key}", value);
        return builder.AddTensor("token_embd.weight", [2, 64], new float[128]);
    }

    /// <summary>What a converter does: ggml's names and layout for a checkpoint in Hugging Face's.</summary>
    private static byte[] Convert(IWeightSource checkpoint, ModelConfig config, string architecture)
    {
        var builder = new GgufBuilder().Add("general.architecture", architecture);
        (string Key, int Value)[] numbers =
        [
            ("embedding_length", config.HiddenSize), ("block_count", config.NumHiddenLayers),
                ("attention.head_count", config.NumAttentionHeads),
            ("attention.head_count_kv", config.NumKeyValueHeads), ("context_length", config.MaxPositionEmbeddings),
            ("feed_forward_length", config.IntermediateSize), ("attention.key_length", config.HeadDim),
        ];
        foreach (var (key, value) in numbers) builder.Add($"{architecture}.{key}", (uint)value);
        builder.Add($"{architecture}.attention.{(config.ModelType == "gpt2" ? "layer_norm_epsilon" : "layer_norm_rms_epsilon")}",
            config.NormEps);
        if (config.Rope is { } rope)
        {
            builder.Add($"{architecture}.rope.freq_base", (float)rope.Theta);
            if (rope.Type != "default")
                builder.Add($"{architecture}.rope.scaling.type", rope.Type).Add($"{architecture}.rope.scaling.factor", (float)rope.Factor);
        }
        if (config.NumExperts > 0)
        {
            builder.Add($"{architecture}.expert_count", (uint)config.NumExperts)
                .Add($"{architecture}.expert_used_count", (uint)config.NumExpertsPerToken)
                .Add($"{architecture}.expert_feed_forward_length", (uint)config.MoeIntermediateSize);
            if (config.SharedExpertIntermediateSize > 0)
                builder.Add($"{architecture}.expert_shared_feed_forward_length", (uint)config.SharedExpertIntermediateSize);
        }
        foreach (var group in checkpoint.Names.Order(StringComparer.Ordinal).GroupBy(GgmlName))
            AddTensor(builder, group.Key, [.. group.Select(name => checkpoint.Find(name)!)], config);
        return builder.Build();
    }

    private static void AddTensor(GgufBuilder builder, string name, WeightTensor[] tensors, ModelConfig config)
    {
        var shape = tensors[0].Shape.ToArray();
        var values = tensors.SelectMany(Tensors.Read).ToArray();
        if (name.Contains("_exps", StringComparison.Ordinal)) builder.AddTensor(name, [tensors.Length, .. shape], values);
        else if (config.ModelType is "llama" or "mixtral"
            && (name.Contains("attn_q.", StringComparison.Ordinal) || name.Contains("attn_k.", StringComparison.Ordinal)))
            builder.AddTensor(name, shape, Interleave(values, (int)tensors[0].RowLength, config.HeadDim));
        else if (config.ModelType == "gpt2" && shape.Length == 2 && !name.Contains("_embd", StringComparison.Ordinal))
            builder.AddTensor(name, [shape[1], shape[0]], Transpose(values, (int)shape[0], (int)shape[1]));
        else if (name.Contains("inp_shexp", StringComparison.Ordinal)) builder.AddTensor(name, [shape[1]], values);
        else builder.AddTensor(name, shape, values);
    }

    private static float[] Interleave(float[] values, int rowLength, int headDim) =>
        [.. values.Chunk(rowLength).Chunk(headDim)
        .SelectMany(head => Enumerable.Range(0, headDim).SelectMany(row => head[row % 2 * headDim / 2 + row / 2]))];

    private static float[] Transpose(float[] values, int rows, int columns) =>
        [.. Enumerable.Range(0, columns).SelectMany(column => Enumerable.Range(0, rows).Select(row => values[row * columns + column]))];

    private static string GgmlName(string name)
    {
        (string From, string To)[] table =
        [
            ("model.layers.", "blk."), ("transformer.h.", "blk."), ("model.embed_tokens", "token_embd"), ("model.norm", "output_norm"),
                ("lm_head", "output"),
            ("transformer.wte", "token_embd"), ("transformer.wpe", "position_embd"), ("transformer.ln_f", "output_norm"),
            ("post_attention_layernorm", "ffn_norm"), ("input_layernorm", "attn_norm"), ("self_attn.q_proj", "attn_q"),
                ("self_attn.k_proj", "attn_k"),
            ("self_attn.v_proj", "attn_v"), ("self_attn.o_proj", "attn_output"), ("self_attn.q_norm", "attn_q_norm"),
                ("self_attn.k_norm", "attn_k_norm"),
            ("mlp.shared_expert_gate", "ffn_gate_inp_shexp"), ("mlp.shared_expert.gate_proj", "ffn_gate_shexp"),
                ("mlp.shared_expert.up_proj", "ffn_up_shexp"),
            ("mlp.shared_expert.down_proj", "ffn_down_shexp"), ("mlp.gate_proj", "ffn_gate"), ("mlp.up_proj", "ffn_up"),
                ("mlp.down_proj", "ffn_down"),
            ("mlp.gate", "ffn_gate_inp"), ("block_sparse_moe.gate", "ffn_gate_inp"), ("ln_1", "attn_norm"), ("ln_2", "ffn_norm"),
            ("attn.c_attn", "attn_qkv"), ("attn.c_proj", "attn_output"), ("mlp.c_fc", "ffn_up"), ("mlp.c_proj", "ffn_down"),
        ];
        name = System.Text.RegularExpressions.Regex.Replace(name, @"(mlp|block_sparse_moe)\.experts\.\d+\.(\w+)",
            match => match.Groups[2].Value switch
        {
            "w1" or "gate_proj" => "ffn_gate_exps",
            "w2" or "down_proj" => "ffn_down_exps",
            _ => "ffn_up_exps",
        });
        foreach (var (from, to) in table) name = name.Replace(from, to, StringComparison.Ordinal);
        return name;
    }
}
