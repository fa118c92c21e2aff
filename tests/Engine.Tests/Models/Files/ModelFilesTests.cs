using Grid.Engine.Configuration;
using Grid.Engine.Models.Files;
using Grid.Engine.Tests.Weights;
using Grid.Engine.Tests.Weights.Gguf;
using Grid.Engine.Tests.Weights.Safetensors;
using Grid.TestUtilities;

namespace Grid.Engine.Tests.Models.Files;

public sealed class ModelFilesTests
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";
    private const string Config =
        """
        {"architectures":["LlamaForCausalLM"],"vocab_size":2,"hidden_size":64,"intermediate_size":160,
         "num_hidden_layers":1,"num_attention_heads":8}
        """;

    [Fact]
    public void Resolve_Folder_OpensEverything()
    {
        var files = ModelFiles.Resolve(Fixtures.Model("guide"));
        var config = files.ReadConfig();
        using var weights = files.OpenWeights(config);
        Assert.Null(files.GgufPath);
        Assert.Equal(("LlamaForCausalLM", 6, "bfloat16"), (config.Architecture, config.NumHiddenLayers, config.DType));
        Assert.Equal([3072L, 256L], weights.Require("model.embed_tokens.weight", 3072, 256).Shape);
        Assert.Equal(256, files.ReadGenerationConfig().MaxNewTokens);
        Assert.Null(files.ReadGenerationConfig("vllm").MaxNewTokens);
        Assert.Equal(256, files.ReadGenerationConfig(Fixtures.Model("guide-moe")).MaxNewTokens);
        Assert.Equal(3072, files.LoadTokenizer().VocabSize);
        Assert.NotNull(files.ReadTokenizerConfig().ChatTemplate.Default);
    }

    [Fact]
    public void Resolve_GgufFileAndItsFolder_OpenEverything()
    {
        var path = Fixtures.Shared("models/stories260K.gguf");
        if (path is null) Assert.Skip("models/stories260K.gguf is not in the shared fixtures.");
        var files = ModelFiles.Resolve(path);
        var config = files.ReadConfig();
        using var weights = files.OpenWeights(config);
        Assert.Equal(path, files.GgufPath);
        Assert.Equal([512L, 64L], weights.Require("lm_head.weight", 512, 64).Shape);
        Assert.Equal(512, files.LoadTokenizer().VocabSize);
        Assert.Null(files.ReadTokenizerConfig().ChatTemplate.Default);
        Assert.Equal("", files.ReadGenerationConfig().Describe());
    }

    [Fact]
    public void Resolve_FolderWithGgufOnly_TakesTheOneAndRefusesToChoose()
    {
        using var folder = new TemporaryFolder();
        folder.Write("b.gguf", new GgufBuilder().Build());
        Assert.Equal("b.gguf", Path.GetFileName(ModelFiles.Resolve(folder.Path).GgufPath));
        folder.Write("a.gguf", new GgufBuilder().Build());
        Assert.Contains("2 GGUF files; name one of them: a.gguf, b.gguf",
            Assert.Throws<ModelLoadException>(() => ModelFiles.Resolve(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("main")]
    [InlineData("refs/pr/1")]
    [InlineData(Commit)]
    public void Resolve_RepositoryInTheCache_FollowsTheRevision(string? revision)
    {
        using var folder = new TemporaryFolder();
        var cache = FillCache(folder);
        var files = ModelFiles.Resolve("owner/tiny.model-1", revision, cache);
        Assert.EndsWith(Path.Combine("snapshots", Commit), files.Folder, StringComparison.Ordinal);
        Assert.Equal(64, files.ReadConfig().HiddenSize);
    }

    [Fact]
    public void Resolve_HomeVariables_DecideWhereTheCacheIs()
    {
        Assert.Equal("/c", new HuggingFaceCache(name => name switch { "HF_HUB_CACHE" => "/c", "HF_HOME" => "/h", _ => null }).Folder);
        Assert.Equal("/h/hub", new HuggingFaceCache(name => name == "HF_HOME" ? "/h" : "").Folder);
        Assert.Equal("/x/huggingface/hub", new HuggingFaceCache(name => name == "XDG_CACHE_HOME" ? "/x" : null).Folder);
        Assert.EndsWith(".cache/huggingface/hub", new HuggingFaceCache(_ => null).Folder, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("owner/absent", null, "the hub's cache has no", "`grid pull owner/absent` fetches it")]
    [InlineData("owner/tiny.model-1", "v9", "has no revision v9", "models--owner--tiny.model-1")]
    [InlineData("owner/tiny.model-1", "../../../etc", "has no revision", "")]
    [InlineData("gpt2", null, "models--gpt2", "`grid pull gpt2`")]
    [InlineData("./no/such/folder", null, "there is no folder or file", "no/such/folder")]
    [InlineData("../owner", null, "there is no folder or file", "")]
    [InlineData("", null, "must be a folder, a GGUF file or owner/name", "")]
    [InlineData("a\0b", null, "must be a folder, a GGUF file or owner/name", "")]
    public void Resolve_Absent_SaysWhereItLooked(string model, string? revision, string expected, string more)
    {
        using var folder = new TemporaryFolder();
        var cache = FillCache(folder);
        var error = Assert.Throws<ModelLoadException>(() => ModelFiles.Resolve(model, revision, cache));
        Assert.Equal(ModelLoadFault.NotFound, error.Kind);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(more, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_FileThatIsNoGguf_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("model.safetensors", SafetensorsFileTests.Make("{}", []));
        Assert.Contains("is a file but no GGUF file", Assert.Throws<ModelLoadException>(() => ModelFiles.Resolve(path)).Message,
            StringComparison.Ordinal);
        Assert.Contains("is a file but no GGUF file",
            Assert.Throws<ModelLoadException>(() => ModelFiles.Resolve(folder.Write("empty.gguf", ""))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FilesThatAreAbsent_AreNamed()
    {
        using var folder = new TemporaryFolder();
        var files = ModelFiles.Resolve(folder.Path);
        Assert.Contains("config.json is not there", Assert.Throws<ModelLoadException>(files.ReadConfig).Message, StringComparison.Ordinal);
        Assert.Contains("tokenizer", Assert.Throws<ModelLoadException>(files.LoadTokenizer).Message, StringComparison.Ordinal);
        Assert.Contains("/nowhere is not there", Assert.Throws<ModelLoadException>(() => files.ReadGenerationConfig("/nowhere")).Message,
            StringComparison.Ordinal);
    }

    private static HuggingFaceCache FillCache(TemporaryFolder folder)
    {
        const string root = "hub/models--owner--tiny.model-1";
        folder.Write($"{root}/refs/main", Commit);
        folder.Write($"{root}/refs/refs/pr/1", Commit + "\n");
        var blob = folder.Write($"{root}/blobs/abc", Config);
        var link = Path.Combine(folder.Path, root, "snapshots", Commit, "config.json");
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.CreateSymbolicLink(link, Path.GetRelativePath(Path.GetDirectoryName(link)!, blob));
        return new HuggingFaceCache(name => name == "HF_HOME" ? folder.Path : null);
    }
}
