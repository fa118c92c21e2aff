using Grid.Engine.Configuration;
using Grid.Engine.Inputs;
using Grid.Engine.Offline;
using Grid.Engine.Requests;
using Grid.Engine.Serving;
using Grid.Engine.Simulation;
using Grid.Engine.Tests.Loading;
using Grid.Engine.Tests.Weights;
using Grid.Primitives.Options;
using Grid.TestUtilities;
using Grid.Tokenization;

namespace Grid.Engine.Tests.Serving;

public sealed class ModelLoaderTests
{
    private readonly ListLogger _logger = new();

    [Fact]
    public async Task LoadAsync_TheEmbeddedModel_LogsItsDefaultsAndItsCacheOnce()
    {
        await using var model =
            await LoadAsync(new EngineOptions { Model = Fixtures.Model("guide"), NumGpuBlocksOverride = 128, Runner = RunnerKind.Sim });
        Assert.Equal(Fixtures.Model("guide"), model.Root);
        Assert.Equal((1024, 3072), (model.Inputs.Limits.MaxModelLen, model.Inputs.Limits.VocabSize));
        Assert.Single(_logger.Lines, line => line.Contains("temperature=0, max_new_tokens=256", StringComparison.Ordinal));
        Assert.Single(_logger.Lines, line => line.Contains("GPU KV cache size: 2,048 tokens", StringComparison.Ordinal));
        Assert.Single(_logger.Lines,
            line => line.Contains("Maximum concurrency for 1,024 tokens per request: 2.00x", StringComparison.Ordinal));
        var prompt = model.ChatPrompts.Render(ChatMessage.ToTemplateValue([new("user", "hi")]));
        Assert.Equal(("<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n", false, "messages"),
            (prompt.Text, prompt.AddSpecialTokens, prompt.Field));
    }

    [Fact]
    public async Task LoadAsync_TheEosIds_AreThoseOfTheTokenizerAndTheGenerationConfig()
    {
        await using var model =
            await LoadAsync(new EngineOptions { Model = Fixtures.Model("guide"), NumGpuBlocksOverride = 128, Runner = RunnerKind.Sim });
        var request = model.Inputs.Process("r", "x", new SamplingParams()).Requests[0];
        Assert.Equal([0, 2], request.EosTokenIds.Order());
    }

    [Fact]
    public async Task LoadAsync_GenerationConfigVllm_IsNeutral()
    {
        await using var model = await LoadAsync(
            new EngineOptions
            {
                Model = Fixtures.Model("guide"), NumGpuBlocksOverride = 128, Runner = RunnerKind.Sim,
                GenerationConfig = "vllm"
            });
        Assert.Equal(1, model.GenerationConfig.ToSamplingParams().Temperature);
        Assert.DoesNotContain(_logger.Lines, line => line.Contains("generation_config", StringComparison.Ordinal));
    }

    [Fact]
    public async Task LoadAsync_AChatTemplateFile_ReplacesTheModels()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("chat.jinja", "{% for m in messages %}[{{ m.content }}]{% endfor %}");
        await using var guide = await LoadAsync(
            new EngineOptions
            {
                Model = Fixtures.Model("guide"), NumGpuBlocksOverride = 128, Runner = RunnerKind.Sim,
                ChatTemplate = file
            });
        Assert.Equal("[hi]", guide.ChatPrompts.Render(ChatMessage.ToTemplateValue([new("user", "hi")])).Text);
    }

    [Fact]
    public async Task LoadAsync_AChatTemplateThatIsNoFile_IsNamed()
    {
        var error = await Assert.ThrowsAsync<ModelLoadException>(() =>
            LoadAsync(new EngineOptions { Model = Fixtures.Model("guide"), Runner = RunnerKind.Sim, ChatTemplate = "no-such.jinja" }));
        Assert.StartsWith("--chat-template no-such.jinja cannot be read", error.Message);
    }

    [Fact]
    public async Task LoadAsync_AModelWithoutAChatTemplate_RefusesChat()
    {
        await using var model =
            await LoadAsync(new EngineOptions { Model = Fixtures.Own("hf/opt-bin"), NumGpuBlocksOverride = 64, Runner = RunnerKind.Sim });
        var error =
            Assert.Throws<RequestValidationException>(() => model.ChatPrompts.Render(ChatMessage.ToTemplateValue([new("user", "hi")])));
        Assert.Equal("messages", error.Parameter);
        Assert.Contains("--chat-template", error.Message);
    }

    [Fact]
    public async Task LoadAsync_DummyWithoutATokenizer_ReadsBytes()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", File.ReadAllBytes(Fixtures.Own("hf/opt/config.json")));
        await using var model =
            await LoadAsync(new EngineOptions { Model = folder.Path, LoadFormat = LoadFormat.Dummy, NumGpuBlocksOverride = 32 });
        Assert.IsType<ByteTokenizer>(model.Tokenizer);
        await Assert.ThrowsAsync<ModelLoadException>(() => LoadAsync(new EngineOptions { Model = folder.Path }));
    }

    [Fact]
    public async Task LoadAsync_TheLongestThatFits_IsTheContext()
    {
        await using var model = await LoadAsync(
            new EngineOptions { Model = Fixtures.Model("guide"), NumGpuBlocksOverride = 10, Runner = RunnerKind.Sim, MaxModelLen = -1 });
        Assert.Equal(160, model.Inputs.Limits.MaxModelLen);
        var error = await Assert.ThrowsAsync<ModelLoadException>(
            () => LoadAsync(new EngineOptions { Model = Fixtures.Model("guide"), NumGpuBlocksOverride = 10, Runner = RunnerKind.Sim }));
        Assert.Equal(ModelLoadFault.DoesNotFit, error.Kind);
    }

    [Theory]
    [InlineData("no/such-model", ModelLoadFault.NotFound)]
    [InlineData("", ModelLoadFault.NotFound)]
    public async Task LoadAsync_NoSuchModel_IsNotFound(string name, ModelLoadFault kind) =>
        Assert.Equal(kind, (await Assert.ThrowsAsync<ModelLoadException>(() => LoadAsync(new EngineOptions { Model = name }))).Kind);

    [Fact]
    public async Task LoadAsync_ASeed_RepeatsTheSeedsOfRequests()
    {
        await using var first = await LoadAsync(new EngineOptions { Model = "sim", Seed = 5 });
        await using var second = await LoadAsync(new EngineOptions { Model = "sim", Seed = 5 });
        Assert.Equal(first.Inputs.DrawSeed(), second.Inputs.DrawSeed());
    }

    [Fact]
    public void Generate_TheSameModelAsFolderAndAsGguf_IsTheSame()
    {
        if (Fixtures.Shared("models/stories260K") is not { } folder || Fixtures.Shared("models/stories260K.gguf") is not { } file)
        {
            Assert.Skip("models/stories260K is not among the fixtures");
            return;
        }

        var sampling = new SamplingParams { Temperature = 0, MaxTokens = 40, IgnoreEos = true };
        var options = new EngineOptions { DType = ModelDType.Float32, NumGpuBlocksOverride = 64 };
        using var one = new LLM(folder, options);
        using var other = new LLM(file, options);
        var expected = one.Generate("Once upon a time", sampling)[0];
        Assert.StartsWith(", there was", expected.Outputs[0].Text, StringComparison.Ordinal);
        Assert.Equal(expected.Outputs[0].Text, other.Generate("Once upon a time", sampling)[0].Outputs[0].Text);
    }

    private Task<ServedModel> LoadAsync(EngineOptions options) =>
        ModelLoader.LoadAsync(options, logger: _logger, simulation: SimOptions.Instant);
}
