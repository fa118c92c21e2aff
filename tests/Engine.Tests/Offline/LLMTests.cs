using System.Text;
using System.Text.Json;
using Grid.Engine.Configuration;
using Grid.Engine.Inputs;
using Grid.Engine.Offline;
using Grid.Engine.Outputs;
using Grid.Engine.Requests;
using Grid.Engine.Simulation;
using Grid.Primitives.Options;
using Grid.TestUtilities;

namespace Grid.Engine.Tests.Offline;

public sealed class LLMTests
{
    private const int Vocab = 1000;

    private static readonly SamplingParams Greedy = new() { Temperature = 0, MaxTokens = 8 };

    [Theory]
    [InlineData("opt")]
    [InlineData("opt-bin")]
    [InlineData("gpt2")]
    public void Generate_TheSeedsProgram_CompletesThePrompt(string model)
    {
        using var llm =
            new LLM(Fixtures.Own($"hf/{model}"), new() { TensorParallelSize = 1, DType = ModelDType.Float32, NumGpuBlocksOverride = 64 });
        var output = Assert.Single(llm.Generate("San Francisco is a"));
        Assert.Equal("San Francisco is a", output.Prompt);
        Assert.NotEmpty(output.PromptTokenIds);
        var completion = Assert.Single(output.Outputs);
        Assert.InRange(completion.TokenIds.Count, 1, 16);
        Assert.True(output.Finished);
    }

    [Theory]
    [InlineData("opt")]
    [InlineData("opt-bin")]
    [InlineData("gpt2")]
    public void Generate_Greedily_GivesTheGoldensInOrder(string model)
    {
        using var goldens = JsonDocument.Parse(File.ReadAllBytes(Fixtures.Own($"hf/{model}/goldens.json")));
        var expected = goldens.RootElement.EnumerateArray()
            .Select(golden => (Prompt: Ids(golden.GetProperty("prompt")), Greedy: Ids(golden.GetProperty("greedy")))).ToList();
        using var llm =
            new LLM(Fixtures.Own($"hf/{model}"), new() { TensorParallelSize = 1, DType = ModelDType.Float32, NumGpuBlocksOverride = 64 });
        var outputs = llm.Generate(expected.Select(golden => golden.Prompt),
            new SamplingParams { Temperature = 0, MaxTokens = 32, IgnoreEos = true });
        Assert.Equal(expected.Select(golden => golden.Prompt), outputs.Select(output => output.PromptTokenIds.ToArray()));
        Assert.Equal(expected.Select(golden => golden.Greedy), outputs.Select(output => output.Outputs[0].TokenIds.ToArray()));
        Assert.All(outputs, output => Assert.Equal(FinishReason.Length, output.Outputs[0].FinishReason));
    }

    [Fact]
    public void Generate_ByTheSimulatedModel_IsItsOracle()
    {
        using var llm = Simulated();
        string[] prompts = [.. Enumerable.Range(0, 40).Select(index => $"prompt {index} é")];
        var outputs = llm.Generate(prompts, Greedy);
        Assert.Equal(prompts, outputs.Select(output => output.Prompt));
        Assert.All(outputs, output =>
        {
            var ids = SimulatedOracle.Greedy(Bytes(output.Prompt!), 8, Vocab);
            Assert.Equal(ids, output.Outputs[0].TokenIds);
            Assert.Equal(string.Concat(ids.Select(id => $" w{id}")), output.Outputs[0].Text);
        });
    }

    [Fact]
    public void Generate_MorePromptsThanTheQueueHolds_RunsThemAll()
    {
        using var llm = Simulated(new EngineOptions { MaxNumQueuedReqs = 4, MaxNumSeqs = 2 });
        var outputs = llm.Generate(Enumerable.Range(0, 30).Select(index => $"{index}"), Greedy with { MaxTokens = 2 });
        Assert.Equal(30, outputs.Count);
        Assert.Equal(Enumerable.Range(0, 30).Select(index => SimulatedOracle.Greedy(Bytes($"{index}"), 2, Vocab)),
            outputs.Select(output => output.Outputs[0].TokenIds.ToArray()));
    }

    [Fact]
    public void Generate_SeveralChoices_DifferByTheirIndexAndRepeatByTheirSeed()
    {
        using var llm = Simulated();
        var sampling = new SamplingParams { N = 4, Seed = 42, MaxTokens = 6 };
        var first = llm.Generate("x", sampling)[0].Outputs;
        Assert.Equal([0, 1, 2, 3], first.Select(output => output.Index));
        Assert.Equal(4, first.Select(output => output.Text).Distinct().Count());
        Assert.Equal(first.Select(output => output.Text), llm.Generate("x", sampling)[0].Outputs.Select(output => output.Text));
    }

    [Fact]
    public void Generate_WithAStopText_EndsThere()
    {
        using var llm = Simulated();
        var ids = SimulatedOracle.Greedy(Bytes("x"), 4, Vocab);
        var stop = $"w{ids[2]}";
        var completion = llm.Generate("x", Greedy with { Stop = ["never", stop] })[0].Outputs[0];
        Assert.Equal($" w{ids[0]} w{ids[1]} ", completion.Text);
        Assert.Equal((FinishReason.Stop, new StopReason(stop, null)), (completion.FinishReason, completion.StopReason));
        Assert.Equal(ids[..3], completion.TokenIds);
    }

    [Fact]
    public void Generate_WithLogprobs_GivesTablesByPosition()
    {
        using var llm = Simulated();
        var output = llm.Generate("xy", Greedy with { Logprobs = 2, PromptLogprobs = 0, MaxTokens = 3 })[0];
        var completion = output.Outputs[0];
        Assert.Equal(3, completion.Logprobs!.Count);
        Assert.All(completion.Logprobs.Zip(completion.TokenIds), pair =>
        {
            var (table, id) = pair;
            Assert.Equal(2, table.Count);
            Assert.Equal((1, $" w{id}"), (table[id].Rank, table[id].DecodedToken));
        });
        Assert.Equal(completion.Logprobs.Zip(completion.TokenIds, (table, id) => (double)table[id].Value).Sum(),
            completion.CumulativeLogprob!.Value, 5);
        Assert.Equal(2, output.PromptLogprobs!.Count);
        Assert.Null(output.PromptLogprobs[0]);
    }

    [Fact]
    public void Generate_WithoutLogprobs_HasNone()
    {
        using var llm = Simulated();
        var output = llm.Generate("x", Greedy)[0];
        Assert.Null(output.PromptLogprobs);
        Assert.Null(output.Outputs[0].Logprobs);
        Assert.Null(output.Outputs[0].CumulativeLogprob);
    }

    [Fact]
    public void Generate_TheSamePromptAgain_FindsItInThePrefixCache()
    {
        using var llm = Simulated();
        var prompt = new string('p', 100);
        Assert.Equal(0, llm.Generate(prompt, Greedy)[0].NumCachedTokens);
        Assert.Equal(96, llm.Generate(prompt, Greedy)[0].NumCachedTokens);
    }

    [Fact]
    public void Generate_MaxTokensBeyondTheContext_RunsToItsEnd()
    {
        using var llm = Simulated(new EngineOptions { MaxModelLen = 32 });
        var completion = llm.Generate("1234567890", Greedy with { MaxTokens = 1000 })[0].Outputs[0];
        Assert.Equal((22, FinishReason.Length), (completion.TokenIds.Count, completion.FinishReason));
        var error = Assert.Throws<RequestValidationException>(() => llm.Generate(new string('p', 32), Greedy));
        Assert.Equal("context_length_exceeded", error.Code);
    }

    [Fact]
    public void Generate_OneBadPromptOfMany_RunsNone()
    {
        using var llm = Simulated();
        Assert.Throws<RequestValidationException>(() => llm.Generate(["fine", ""], Greedy));
        Assert.Single(llm.Generate([[1, 2, 3]], Greedy));
    }

    [Fact]
    public void Chat_BySim_WritesTheFixedPrompt()
    {
        using var llm = Simulated();
        ChatMessage[] conversation = [new("system", "s"), new("user", "hi\n")];
        var output = llm.Chat(conversation, Greedy)[0];
        const string Expected = "<|im_start|>system\ns<|im_end|>\n<|im_start|>user\nhi\n<|im_end|>\n<|im_start|>assistant\n";
        Assert.Equal(Expected, output.Prompt);
        Assert.Equal(Bytes(Expected), output.PromptTokenIds);
        Assert.Equal(2, llm.Chat([conversation, conversation], Greedy).Count);
    }

    [Fact]
    public void Chat_WithTheEmbeddedModel_GivesItsGoldens()
    {
        using var goldens = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Fixtures.Model("guide"), "goldens.json")));
        var cases = goldens.RootElement.GetProperty("cases").EnumerateArray().ToList();
        using var llm =
            new LLM(Fixtures.Model("guide"), new() { TensorParallelSize = 1, DType = ModelDType.Float32, NumGpuBlocksOverride = 256 });
        var outputs = llm.Chat(cases.Select(Conversation));
        Assert.Equal(cases.Select(golden => Ids(golden.GetProperty("ids"))), outputs.Select(output => output.PromptTokenIds.ToArray()));
        Assert.Equal(cases.Select(golden => Ids(golden.GetProperty("greedy"))),
            outputs.Select(output => output.Outputs[0].TokenIds.ToArray()));
        Assert.Equal(cases.Select(golden => golden.GetProperty("text").GetString()), outputs.Select(output => output.Outputs[0].Text));
    }

    [Fact]
    public void Constructor_ALayoutThatDoesNotDivide_IsRefusedBeforeLoading()
    {
        var error = Assert.Throws<ModelLoadException>(() => new LLM(Fixtures.Model("guide"), new() { TensorParallelSize = 3 }));
        Assert.Equal(ModelLoadFault.Layout, error.Kind);
        Assert.StartsWith("Total number of attention heads (8) must be divisible by tensor parallel size (3).", error.Message);
    }

    private static LLM Simulated(EngineOptions? options = null) =>
        new("sim", options, simulation: SimOptions.Instant with { Vocab = Vocab });

    private static IEnumerable<ChatMessage> Conversation(JsonElement golden) => golden.GetProperty("messages").EnumerateArray()
        .Select(message => new ChatMessage(message.GetProperty("role").GetString()!, message.GetProperty("content").GetString()!));

    private static int[] Bytes(string text) => [.. Encoding.UTF8.GetBytes(text)];

    private static int[] Ids(JsonElement list) => [.. list.EnumerateArray().Select(id => id.GetInt32())];
}
