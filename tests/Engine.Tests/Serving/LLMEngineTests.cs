using Grid.Engine.Configuration;
using Grid.Engine.Requests;
using Grid.Engine.Serving;
using Grid.Engine.Simulation;
using Microsoft.Extensions.Logging;
using static Grid.Engine.Tests.Serving.EngineTestBed;

namespace Grid.Engine.Tests.Serving;

public sealed class LLMEngineTests
{
    [Fact]
    public async Task Submit_Greedy_YieldsTheModelsTokens()
    {
        await using var engine = await CreateAsync();
        var request = Request("a", Prompt(40), maxTokens: 50);

        var outputs = await ReadAsync(engine.Submit(request));

        Assert.Equal(Expected(request), Tokens(outputs));
        Assert.Equal(FinishReason.Length, outputs[^1].FinishReason);
        Assert.All(outputs.SkipLast(1), output => Assert.Null(output.FinishReason));
    }

    [Fact]
    public async Task Submit_AgainWithTheSamePrompt_CountsCachedTokens()
    {
        await using var engine = await CreateAsync();
        var first = await ReadAsync(engine.Submit(Request("a", Prompt(40))));
        var second = await ReadAsync(engine.Submit(Request("b", Prompt(40))));

        Assert.All(first, output => Assert.Equal(0, output.CachedTokens));
        Assert.All(second, output => Assert.Equal(32, output.CachedTokens));
        Assert.Equal(Tokens(first), Tokens(second));
    }

    [Fact]
    public async Task Submit_StopId_EndsWithIt()
    {
        await using var engine = await CreateAsync();
        var request = Request("a", Prompt(5));
        var stop = Expected(request)[3];

        var outputs = await ReadAsync(engine.Submit(request with { Sampling = request.Sampling with { StopTokenIds = [stop] } }));
        Assert.Equal(Expected(request)[..4], Tokens(outputs));
        Assert.Equal((FinishReason.Stop, stop), (outputs[^1].FinishReason, outputs[^1].StopTokenId));

        outputs = await ReadAsync(engine.Submit(request with { Id = "b", EosTokenIds = [stop] }));
        Assert.Equal(4, Tokens(outputs).Length);
        Assert.Equal((FinishReason.Stop, null), (outputs[^1].FinishReason, outputs[^1].StopTokenId));
    }

    [Fact]
    public async Task Submit_UpToTheModelsLength_EndsThere()
    {
        await using var engine = await CreateAsync();
        var outputs = await ReadAsync(engine.Submit(Request("a", Prompt(500), maxTokens: 100)));
        Assert.Equal(12, outputs.Count);
        Assert.Equal(FinishReason.Length, outputs[^1].FinishReason);
    }

    [Fact]
    public async Task Submit_Logprobs_AreThoseOfTheRawLogits()
    {
        await using var engine = await CreateAsync();
        var outputs = await ReadAsync(engine.Submit(Request("a", Prompt(5), maxTokens: 3, s => s with { Logprobs = 2, Temperature = 0 })));
        Assert.All(outputs, output =>
        {
            Assert.Equal((output.TokenId, 1), (output.Logprobs!.TokenId, output.Logprobs.Rank));
            Assert.Equal(2, output.Logprobs.Top.Count);
            Assert.Equal(0.5f, output.Logprobs.Top[0].Logprob - output.Logprobs.Top[1].Logprob, 0.001f);
        });
    }

    [Theory]
    [InlineData(2048)]
    [InlineData(7)]
    public async Task Submit_PromptLogprobs_CoverThePromptWhateverIsCached(int budget)
    {
        await using var engine = await CreateAsync(Options with { MaxNumBatchedTokens = budget });
        var generated = Request("a", Prompt(5), maxTokens: 30);
        var prompt = (int[])[.. generated.PromptTokenIds, .. Tokens(await ReadAsync(engine.Submit(generated)))];

        var outputs = await ReadAsync(engine.Submit(Request("b", prompt, maxTokens: 2, s => s with { PromptLogprobs = 1 })));

        var logprobs = outputs[0].PromptLogprobs!;
        Assert.Equal(prompt.Length, logprobs.Count);
        Assert.Null(logprobs[0]);
        Assert.Equal(prompt[1..], logprobs.Skip(1).Select(entry => entry!.TokenId));
        Assert.All(logprobs.Skip(5), entry => Assert.Equal(1, entry!.Rank));
        Assert.Null(outputs[1].PromptLogprobs);
        Assert.Equal(0, outputs[0].CachedTokens);

        // It fills the cache that it did not read.
        Assert.Equal(32, (await ReadAsync(engine.Submit(Request("c", prompt))))[0].CachedTokens);
    }

    [Fact]
    public async Task Submit_ReplayedTokens_GoOnWhereTheyEnd()
    {
        await using var engine = await CreateAsync();
        var request = Request("a", Prompt(20), maxTokens: 40, s => s with { Temperature = 0.9, Seed = 7, PresencePenalty = 0.3 });
        var whole = Tokens(await ReadAsync(engine.Submit(request)));
        Assert.Equal(40, whole.Length);

        foreach (var done in new[] { 1, 15, 16, 39 })
        {
            var rest = await ReadAsync(engine.Submit(request with { Id = $"after {done}", ReplayedTokenIds = whole[..done] }));
            Assert.Equal(whole[done..], Tokens(rest));
            Assert.Equal(FinishReason.Length, rest[^1].FinishReason);
        }
    }

    [Fact]
    public async Task Submit_ReplayIsAtItsEnd_EndsWithoutAToken()
    {
        await using var engine = await CreateAsync();
        var request = Request("a", Prompt(20), maxTokens: 4);
        var outputs = await ReadAsync(engine.Submit(request with { ReplayedTokenIds = Expected(request) }));
        Assert.Equal((-1, FinishReason.Length), (outputs.Single().TokenId, outputs.Single().FinishReason));
        Assert.Equal(0, engine.GetStatus().Waiting);
    }

    [Fact]
    public async Task Submit_Seeds_DecideTheDraw()
    {
        await using var engine = await CreateAsync();
        var outputs = new List<string>();
        foreach (var (seed, choice) in new[] { (1, 0), (1, 0), (2, 0), (1, 1) })
        {
            var request = Request($"{outputs.Count}", Prompt(20), maxTokens: 30, s => s with { Temperature = 1, Seed = seed })
                with
            { Choice = choice };
            outputs.Add(string.Join(' ', Tokens(await ReadAsync(engine.Submit(request)))));
        }

        Assert.Equal(outputs[0], outputs[1]);
        Assert.Equal(3, outputs.Distinct().Count());
    }

    [Theory]
    [InlineData("prompt", 0, 1, "at least one token")]
    [InlineData("prompt", 512, 1, "maximum context length is 512 tokens")]
    [InlineData("max_tokens", 5, 0, "at least 1; got 0")]
    public async Task Submit_BrokenRule_NamesFieldLimitAndValue(string parameter, int prompt, int maxTokens, string message)
    {
        await using var engine = await CreateAsync();
        var exception = Assert.Throws<RequestValidationException>(() => engine.Submit(Request("a", Prompt(prompt), maxTokens)));
        Assert.Equal(parameter, exception.Parameter);
        Assert.Contains(message, exception.Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(Vocab)]
    public async Task Submit_IdOutsideTheVocabulary_NamesIt(int id)
    {
        await using var engine = await CreateAsync();
        var exception = Assert.Throws<RequestValidationException>(() => engine.Submit(Request("a", [1, id])));
        Assert.Contains($"from 0 to {Vocab - 1}; got {id}", exception.Message);
    }

    [Fact]
    public async Task CreateAsync_OptionsOutOfRange_ReportsAllBeforeLoading()
    {
        var exception = await Assert.ThrowsAsync<ModelLoadException>(() => CreateAsync(
            Options with { MaxModelLen = -2, NumGpuBlocksOverride = 0 }, wrap: _ => throw new InvalidOperationException("loaded")));
        Assert.Equal(ModelLoadFault.Layout, exception.Kind);
        Assert.Contains("--max-model-len", exception.Message);
        Assert.Contains("--num-gpu-blocks-override", exception.Message);
    }

    [Fact]
    public async Task CreateAsync_KVCacheTooSmall_FailsAndDisposesTheRunner()
    {
        FaultyRunner? runner = null;
        var exception = await Assert.ThrowsAsync<ModelLoadException>(
            () => CreateAsync(Options with { NumGpuBlocksOverride = 31 }, wrap: inner => runner = new FaultyRunner(inner)));
        Assert.Equal(ModelLoadFault.DoesNotFit, exception.Kind);
        Assert.True(runner!.Disposed);
    }

    [Fact]
    public async Task CreateAsync_Always_LogsTheKVCache()
    {
        var logger = new RecordingLogger();
        await using var engine = await LLMEngine.CreateAsync(
            () => new SimulatedModelRunner(SimOptions.Instant with { KVTokens = 643_232, MaxModelLen = 40_960 }), Options, logger: logger);
        Assert.Equal(["GPU KV cache size: 643,232 tokens", "Maximum concurrency for 40,960 tokens per request: 15.70x"], logger.Lines);
    }

    private sealed class RecordingLogger : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
