using Grid.Engine.Requests;
using static Grid.Engine.Tests.EngineTestBed;

namespace Grid.Engine.Tests;

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
}
