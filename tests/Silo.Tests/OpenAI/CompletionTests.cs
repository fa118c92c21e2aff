using System.Text.Json;

namespace Grid.Silo.Tests.OpenAI;

/// <summary>Completions against the simulated model's own definition.</summary>
public sealed class CompletionTests(SharedSilo shared) : IClassFixture<SharedSilo>
{
    private const string Path = "v1/completions";

    private static readonly int[] Hello = SimulatedOracle.Prompt("Hello");

    private SiloTestBed Bed => shared.Bed;

    [Fact]
    public async Task Completion_Greedy_GivesTheModelsTokens()
    {
        var answer =
            await Bed.PostAsync(Path, new { model = "sim", prompt = "Hello", temperature = 0, max_tokens = 20, return_token_ids = true });

        var choice = answer.GetProperty("choices")[0];
        var expected = SimulatedOracle.Greedy(Hello, 20);
        Assert.StartsWith("cmpl-", answer.GetProperty("id").GetString());
        Assert.Equal("text_completion", answer.GetProperty("object").GetString());
        Assert.Equal("sim", answer.GetProperty("model").GetString());
        Assert.Equal(SimulatedOracle.Text(expected), choice.GetProperty("text").GetString());
        Assert.Equal(expected, Ints(choice, "token_ids"));
        Assert.Equal(Hello, Ints(choice, "prompt_token_ids"));
        Assert.Equal("length", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(JsonValueKind.Null, choice.GetProperty("stop_reason").ValueKind);
        AssertUsage(answer, 5, 20);
    }

    [Fact]
    public async Task Completion_NoMaxTokens_Gives16()
    {
        var answer = await Bed.PostAsync(Path, new { model = "sim", prompt = "Hello" });
        AssertUsage(answer, 5, 16);
    }

    [Fact]
    public async Task Completion_Streamed_IsTheSameText()
    {
        var body = new
        {
            model = "sim", prompt = "Hello", temperature = 0, max_tokens = 50, stream = true, return_token_ids = true,
            stream_options = new { include_usage = true }
        };
        var chunks = await Bed.ChunksAsync(Path, body);

        var expected = SimulatedOracle.Greedy(Hello, 50);
        var choices = chunks.SkipLast(1).Select(chunk => chunk.GetProperty("choices")[0]).ToList();
        Assert.Equal(SimulatedOracle.Text(expected), string.Concat(choices.Select(choice => choice.GetProperty("text").GetString())));
        Assert.Equal(expected, choices.SelectMany(choice => Ints(choice, "token_ids")));
        Assert.Equal(Hello, Ints(choices[0], "prompt_token_ids"));
        Assert.Equal("length", choices[^1].GetProperty("finish_reason").GetString());
        Assert.All(choices.SkipLast(1), choice => Assert.Equal(JsonValueKind.Null, choice.GetProperty("finish_reason").ValueKind));
        Assert.Empty(chunks[^1].GetProperty("choices").EnumerateArray());
        AssertUsage(chunks[^1], 5, 50);
        Assert.All(chunks.SkipLast(1), chunk => Assert.Equal(JsonValueKind.Null, chunk.GetProperty("usage").ValueKind));
        Assert.Single(chunks.Select(chunk => chunk.GetProperty("id").GetString()).Distinct());
    }

    [Fact]
    public async Task Completion_ContinuousUsage_CountsInEveryChunk()
    {
        var body = new
        {
            model = "sim", prompt = "Hello", max_tokens = 9, stream = true,
            stream_options = new { include_usage = true, continuous_usage_stats = true }
        };
        var counts = (await Bed.ChunksAsync(Path, body)).Select(
            chunk => chunk.GetProperty("usage").GetProperty("completion_tokens").GetInt32()).ToList();

        Assert.Equal(counts.Order(), counts);
        Assert.Equal(9, counts[^1]);
    }

    public static TheoryData<string> Prompts() =>
        ["""["Hello","World"]""", "[72,101,108,108,111]", "[[72,101],[87,111,114]]", """["Hello"]"""];

    [Theory, MemberData(nameof(Prompts))]
    public async Task Completion_AnyFormOfPrompt_AnswersEachInOrder(string json)
    {
        var prompt = JsonDocument.Parse(json).RootElement;
        var answer = await Bed.PostAsync(Path, new { model = "sim", prompt, n = 2, seed = 5, max_tokens = 6, return_token_ids = true });

        int[][] ids = prompt[0].ValueKind switch
        {
            JsonValueKind.Number => [[.. prompt.EnumerateArray().Select(id => id.GetInt32())]],
            JsonValueKind.String => [.. prompt.EnumerateArray().Select(text => SimulatedOracle.Prompt(text.GetString()!))],
            _ => [.. prompt.EnumerateArray().Select(list => list.EnumerateArray().Select(id => id.GetInt32()).ToArray())],
        };
        var choices = answer.GetProperty("choices").EnumerateArray().ToList();
        Assert.Equal(2 * ids.Length, choices.Count);
        for (var i = 0; i < choices.Count; i++)
        {
            Assert.Equal(i, choices[i].GetProperty("index").GetInt32());
            Assert.Equal(SimulatedOracle.Sampled(ids[i / 2], 6, seed: 5, choice: i % 2), Ints(choices[i], "token_ids"));
        }

        AssertUsage(answer, ids.Sum(list => list.Length), 6 * choices.Count);
    }

    [Fact]
    public async Task Completion_SeveralStreamedChoices_EachIsWhole()
    {
        var body = new
        {
            model = "sim", prompt = new[] { "Hello", "World" }, n = 3, seed = -7, max_tokens = 20, stream = true,
            return_token_ids = true
        };
        var chunks = await Bed.ChunksAsync(Path, body);

        var byChoice = chunks.Select(chunk => chunk.GetProperty("choices")[0]).ToLookup(choice => choice.GetProperty("index").GetInt32());
        for (var i = 0; i < 6; i++)
            Assert.Equal(SimulatedOracle.Sampled(SimulatedOracle.Prompt(i < 3 ? "Hello" : "World"), 20, seed: -7, choice: i % 3),
                byChoice[i].SelectMany(choice => Ints(choice, "token_ids")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Completion_StopTextOverTokens_EndsBeforeIt(bool include)
    {
        var ids = SimulatedOracle.Greedy(Hello, 10);
        var text = SimulatedOracle.Text(ids);
        var end = SimulatedOracle.Text(ids.Take(5)).Length + 1;
        var stop = text[(end - 3)..end];
        var answer = await Bed.PostAsync(Path,
            new
            {
                model = "sim", prompt = "Hello", temperature = 0, max_tokens = 100, stop = new[] { "never", stop },
                include_stop_str_in_output = include
            });

        var choice = answer.GetProperty("choices")[0];
        Assert.Equal(text[..(include ? end : end - 3)], choice.GetProperty("text").GetString());
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(stop, choice.GetProperty("stop_reason").GetString());
        await Bed.WaitForAsync(status => status is { Running: 0, UsedBlocks: 0 });
    }

    [Fact]
    public async Task Completion_StopTokenId_EndsAndIsTheReason()
    {
        var ids = SimulatedOracle.Greedy(Hello, 10);
        var answer = await Bed.PostAsync(Path,
            new
            {
                model = "sim", prompt = "Hello", temperature = 0, max_tokens = 100, stop_token_ids = new[] { ids[4] },
                return_token_ids = true
            });

        var choice = answer.GetProperty("choices")[0];
        Assert.Equal(ids.Take(5), Ints(choice, "token_ids"));
        Assert.Equal(SimulatedOracle.Text(ids.Take(4)), choice.GetProperty("text").GetString());
        Assert.Equal(ids[4], choice.GetProperty("stop_reason").GetInt32());
    }

    [Fact]
    public async Task Completion_MinTokens_GoesBeyondTheStopToken()
    {
        var ids = SimulatedOracle.Greedy(Hello, 10);
        var answer = await Bed.PostAsync(Path,
            new { model = "sim", prompt = "Hello", temperature = 0, max_tokens = 8, min_tokens = 8, stop_token_ids = new[] { ids[2] } });
        Assert.Equal(8, answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Completion_LogitBias_PushesTheSecondCandidateUp()
    {
        var candidates = SimulatedOracle.Next(Hello);
        var bias = new Dictionary<string, double> { [$"{candidates[1].Id}"] = 10 };
        var answer = await Bed.PostAsync(Path,
            new { model = "sim", prompt = "Hello", temperature = 0, max_tokens = 1, logit_bias = bias, return_token_ids = true });
        Assert.Equal([candidates[1].Id], Ints(answer.GetProperty("choices")[0], "token_ids"));
    }

    [Fact]
    public async Task Completion_AllowedTokenIds_DrawsOnlyThose()
    {
        var candidates = SimulatedOracle.Next(Hello);
        var answer = await Bed.PostAsync(Path,
            new
            {
                model = "sim", prompt = "Hello", temperature = 0, max_tokens = 1,
                allowed_token_ids = new[] { candidates[3].Id, candidates[5].Id }, return_token_ids = true
            });
        Assert.Equal([candidates[3].Id], Ints(answer.GetProperty("choices")[0], "token_ids"));
    }

    [Fact]
    public async Task Completion_Echo_PutsThePromptFirst()
    {
        var answer = await Bed.PostAsync(Path, new { model = "sim", prompt = "Hello", temperature = 0, max_tokens = 3, echo = true });
        Assert.Equal("Hello" + SimulatedOracle.Text(SimulatedOracle.Greedy(Hello, 3)),
            answer.GetProperty("choices")[0].GetProperty("text").GetString());

        var alone = await Bed.PostAsync(Path, new { model = "sim", prompt = "Hello", max_tokens = 0, echo = true });
        Assert.Equal("Hello", alone.GetProperty("choices")[0].GetProperty("text").GetString());
        AssertUsage(alone, 5, 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Completion_Logprobs_AreOfTheRawLogits(bool stream)
    {
        var body = new { model = "sim", prompt = "Hello", temperature = 0, max_tokens = 4, logprobs = 2, stream };
        var choices = stream
            ? (await Bed.ChunksAsync(Path, body)).Select(chunk => chunk.GetProperty("choices")[0]).ToList()
            : [(await Bed.PostAsync(Path, body)).GetProperty("choices")[0]];

        var logprobs = choices.Select(choice => choice.GetProperty("logprobs")).Where(value => value.ValueKind == JsonValueKind.Object)
            .ToList();
        List<JsonElement> All(string name) => [.. logprobs.SelectMany(value => value.GetProperty(name).EnumerateArray())];
        var ids = SimulatedOracle.Greedy(Hello, 4);
        var offset = 0;
        for (var i = 0; i < 4; i++)
        {
            int[] before = [.. Hello, .. ids.Take(i)];
            Assert.Equal($" w{ids[i]}", All("tokens")[i].GetString());
            Assert.Equal(SimulatedOracle.Logprob(before), All("token_logprobs")[i].GetDouble(), 5);
            Assert.Equal(offset, All("text_offset")[i].GetInt32());
            offset += $" w{ids[i]}".Length;
            var top = All("top_logprobs")[i].EnumerateObject().ToList();
            Assert.Equal(SimulatedOracle.Next(before).Take(2).Select(candidate => $" w{candidate.Id}"), top.Select(entry => entry.Name));
            Assert.Equal(SimulatedOracle.Logprob(before, 1), top[1].Value.GetDouble(), 5);
        }
    }

    [Fact]
    public async Task Completion_PromptLogprobs_HasOneEntryAToken()
    {
        int[] prompt = [72, SimulatedOracle.Next([72])[2].Id, 101];
        var answer = await Bed.PostAsync(Path, new { model = "sim", prompt, max_tokens = 1, prompt_logprobs = 1 });

        var positions = answer.GetProperty("choices")[0].GetProperty("prompt_logprobs").EnumerateArray().ToList();
        Assert.Equal(3, positions.Count);
        Assert.Equal(JsonValueKind.Null, positions[0].ValueKind);
        var third = positions[1].GetProperty($"{prompt[1]}");
        Assert.Equal(3, third.GetProperty("rank").GetInt32());
        Assert.Equal(SimulatedOracle.Logprob([72], 2), third.GetProperty("logprob").GetDouble(), 5);
        Assert.Equal($" w{prompt[1]}", third.GetProperty("decoded_token").GetString());
        Assert.Equal(1, positions[1].GetProperty($"{SimulatedOracle.Next([72])[0].Id}").GetProperty("rank").GetInt32());
        // An id that the model cannot draw has no probability at all, and JSON no infinity.
        Assert.Equal(-9999, positions[2].GetProperty("101").GetProperty("logprob").GetDouble());
    }

    [Fact]
    public async Task Completion_SamePromptAgain_CountsCachedTokens()
    {
        var prompt = string.Concat(Enumerable.Repeat("a long prompt that fills blocks; ", 4));
        await Bed.PostAsync(Path, new { model = "sim", prompt, max_tokens = 1, cache_salt = "one" });
        var again = await Bed.PostAsync(Path, new { model = "sim", prompt, max_tokens = 1, cache_salt = "one" });
        var other = await Bed.PostAsync(Path, new { model = "sim", prompt, max_tokens = 1, cache_salt = "two" });

        Assert.Equal((prompt.Length - 1) / 16 * 16, CachedTokens(again));
        Assert.Equal(0, CachedTokens(other));
    }

    private static int CachedTokens(JsonElement answer) =>
        answer.GetProperty("usage").GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32();

    private static int[] Ints(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(id => id.GetInt32())] : [];

    private static void AssertUsage(JsonElement answer, int prompt, int completion)
    {
        var usage = answer.GetProperty("usage");
        Assert.Equal(
            (prompt, completion, prompt + completion),
            (usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("completion_tokens").GetInt32(),
                usage.GetProperty("total_tokens").GetInt32()));
    }
}
