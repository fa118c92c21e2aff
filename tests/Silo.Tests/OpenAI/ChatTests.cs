using System.Text.Json;
using Grid.TestUtilities;

namespace Grid.Silo.Tests.OpenAI;

public sealed class ChatTests(SharedSilo shared) : IClassFixture<SharedSilo>
{
    private const string Path = "v1/chat/completions";

    private static readonly object[] Messages = [new { role = "system", content = "Be brief." }, new { role = "user", content = "Hi" }];
    private static readonly int[] Prompt = SimulatedOracle.Chat(("system", "Be brief."), ("user", "Hi"));

    private SiloTestBed Bed => shared.Bed;

    [Fact]
    public async Task Chat_Greedy_AnswersAsTheAssistant()
    {
        var answer = await Bed.PostAsync(Path,
            new { model = "sim", messages = Messages, temperature = 0, max_tokens = 12, return_token_ids = true });

        var choice = answer.GetProperty("choices")[0];
        var message = choice.GetProperty("message");
        Assert.StartsWith("chatcmpl-", answer.GetProperty("id").GetString());
        Assert.Equal("chat.completion", answer.GetProperty("object").GetString());
        Assert.Equal("assistant", message.GetProperty("role").GetString());
        Assert.Equal(SimulatedOracle.Text(SimulatedOracle.Greedy(Prompt, 12)), message.GetProperty("content").GetString());
        Assert.Equal(Prompt, answer.GetProperty("prompt_token_ids").EnumerateArray().Select(id => id.GetInt32()));
        Assert.Equal(Prompt.Length, answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
    }

    [Fact]
    public async Task Chat_Streamed_BeginsWithTheRole()
    {
        var chunks = await Bed.ChunksAsync(Path,
            new { model = "sim", messages = Messages, temperature = 0, max_completion_tokens = 12, stream = true });

        var first = chunks[0].GetProperty("choices")[0].GetProperty("delta");
        Assert.Equal("""{"role":"assistant","content":""}""", first.GetRawText());
        Assert.All(chunks, chunk => Assert.Equal("chat.completion.chunk", chunk.GetProperty("object").GetString()));
        var text =
            string.Concat(chunks.Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta").GetProperty("content").GetString()));
        Assert.Equal(SimulatedOracle.Text(SimulatedOracle.Greedy(Prompt, 12)), text);
        Assert.Equal("length", chunks[^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.False(chunks[0].TryGetProperty("usage", out _));
    }

    [Fact]
    public async Task Chat_NoMaxTokens_FillsTheContext()
    {
        await using var bed = await SiloTestBed.StartAsync(engine: options => options with { MaxModelLen = 100 });
        var answer = await bed.PostAsync(Path, new { model = "sim", messages = Messages });
        Assert.Equal(100, answer.GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task Chat_DeveloperRole_IsSystemWhereTheTemplateDoesNotKnowIt()
    {
        object[] messages = [new { role = "developer", content = "Be brief." }, new { role = "user", content = "Hi" }];
        var answer = await Bed.PostAsync(Path, new { model = "sim", messages, max_tokens = 1, return_token_ids = true });
        Assert.Equal(Prompt, answer.GetProperty("prompt_token_ids").EnumerateArray().Select(id => id.GetInt32()));
    }

    [Fact]
    public async Task Chat_TextParts_AreOneText()
    {
        object[] parts =
            [new { role = "user", content = new object[] { new { type = "text", text = "a" }, new { type = "text", text = "b" } } }];
        var answer = await Bed.PostAsync(Path, new { model = "sim", messages = parts, max_tokens = 1, return_token_ids = true });
        Assert.Equal(SimulatedOracle.Chat(("user", "a\nb")),
            answer.GetProperty("prompt_token_ids").EnumerateArray().Select(id => id.GetInt32()));
    }

    [Fact]
    public async Task Chat_Logprobs_TellTokenBytesAndTheTop()
    {
        var answer = await Bed.PostAsync(Path,
            new { model = "sim", messages = Messages, temperature = 0, max_tokens = 2, logprobs = true, top_logprobs = 3 });

        var content = answer.GetProperty("choices")[0].GetProperty("logprobs").GetProperty("content").EnumerateArray().ToList();
        var candidates = SimulatedOracle.Next(Prompt);
        var token = $" w{candidates[0].Id}";
        Assert.Equal(2, content.Count);
        Assert.Equal(token, content[0].GetProperty("token").GetString());
        Assert.Equal(token.Select(letter => (int)letter),
            content[0].GetProperty("bytes").EnumerateArray().Select(value => value.GetInt32()));
        Assert.Equal(SimulatedOracle.Logprob(Prompt), content[0].GetProperty("logprob").GetDouble(), 5);
        Assert.Equal(candidates.Take(3).Select(candidate => $" w{candidate.Id}"),
            content[0].GetProperty("top_logprobs").EnumerateArray().Select(top => top.GetProperty("token").GetString()));
    }

    [Fact]
    public async Task Chat_LogprobsWithoutTop_HasNone()
    {
        var answer = await Bed.PostAsync(Path, new { model = "sim", messages = Messages, max_tokens = 1, logprobs = true });
        Assert.Empty(
            answer.GetProperty("choices")[0].GetProperty("logprobs").GetProperty("content")[0].GetProperty("top_logprobs")
            .EnumerateArray());
    }

    [Fact]
    public async Task Chat_FieldsThatAskForNothing_AreTaken()
    {
        var body = """
            {"model":"sim","messages":[{"role":"user","content":"Hi","name":"x"}],"max_tokens":1,"tools":[],"tool_choice":"none",
             "response_format":{"type":"text"},
             "user":"u","metadata":{"a":"b"},"store":true,"service_tier":"auto","safety_identifier":"s",
             "stop":null,"logit_bias":null,"nobody_knows":1}
            """;
        var answer = await Bed.PostAsync(Path, JsonDocument.Parse(body).RootElement);
        Assert.Equal(1, answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Chat_EmbeddedModel_AnswersItsQuestionWholeAndStreamed()
    {
        await using var bed = await SiloTestBed.StartAsync(Fixtures.Model("guide"), "guide");
        object[] question = [new { role = "user", content = "How do I drain a node?" }];
        var whole = await bed.PostAsync(Path, new { model = "guide", messages = question });
        var streamed = await bed.ChunksAsync(Path, new { model = "guide", messages = question, stream = true });

        var answer = whole.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();
        Assert.StartsWith("Use grid drain NODE. Grid cordons the node", answer);
        Assert.Equal("stop", whole.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(answer,
            string.Concat(
            streamed.Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta").GetProperty("content").GetString())));
    }
}
