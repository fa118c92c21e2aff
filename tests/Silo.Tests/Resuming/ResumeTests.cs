using System.Text.Json;
using Grid.Abstractions.Http;

namespace Grid.Silo.Tests.Resuming;

/// <summary>Answers that are cut after every event and go on on another server must be those of one unbroken run.</summary>
public sealed class ResumeTests(ResumeBeds beds) : IClassFixture<ResumeBeds>
{
    private const string Completions = "/v1/completions";
    private const string Chat = "/v1/chat/completions";
    private const string Prompt = "Once there was a small grid that never lost a word";

    [Theory]
    [InlineData("sim", true)]
    [InlineData("sim", false)]
    [InlineData("guide", true)]
    [InlineData("guide", false)]
    public async Task Completion_Greedy_IsUnbroken(string model, bool stream) =>
        await (await BedAsync(model)).CheckEveryCutAsync(Completions,
        new { model, prompt = Prompt, temperature = 0, max_tokens = 10, ignore_eos = true, stream });

    [Theory]
    [InlineData("sim", true)]
    [InlineData("sim", false)]
    [InlineData("guide", true)]
    [InlineData("guide", false)]
    public async Task Chat_SeedOfTheGateway_IsUnbroken(string model, bool stream) =>
        await (await BedAsync(model)).CheckEveryCutAsync(Chat, new
        {
            model, messages = new[] { new { role = "user", content = Prompt } }, temperature = 1, max_tokens = 10, stream,
            stream_options = stream ? new { include_usage = true } : null, return_token_ids = true, logprobs = true, top_logprobs = 2,
        });

    [Theory]
    [InlineData("sim", true)]
    [InlineData("sim", false)]
    [InlineData("guide", true)]
    [InlineData("guide", false)]
    public async Task Completion_PenaltiesAndMinTokens_AreUnbroken(string model, bool stream) =>
        await (await BedAsync(model)).CheckEveryCutAsync(Completions, new
        {
            model, prompt = Prompt, temperature = 0.9, top_p = 0.95, seed = 7, max_tokens = 12, min_tokens = 8, presence_penalty = 0.5,
            frequency_penalty = 1.5,
            repetition_penalty = 1.3, logprobs = 3, echo = true, return_token_ids = true, stream,
        });

    [Theory]
    [InlineData("sim", true)]
    [InlineData("sim", false)]
    [InlineData("guide", true)]
    [InlineData("guide", false)]
    public async Task Completion_ThreeChoicesOneEnded_AreUnbroken(string model, bool stream)
    {
        var bed = await BedAsync(model);
        var probe = await bed.First.PostAsync(Completions,
            new { model, prompt = Prompt, seed = 11, n = 3, max_tokens = 8, return_token_ids = true, ignore_eos = true });
        var stop = probe.GetProperty("choices")[1].GetProperty("token_ids")[3].GetInt32();
        await bed.CheckEveryCutAsync(
            Completions,
            new
            {
                model, prompt = Prompt, seed = 11, n = 3, max_tokens = 8, stop_token_ids = new[] { stop }, ignore_eos = true, logprobs = 1,
                return_token_ids = true, stream,
                stream_options = stream ? new { include_usage = true, continuous_usage_stats = false } : null,
            },
            numChoices: 3);
    }

    [Theory]
    [InlineData("sim", true)]
    [InlineData("sim", false)]
    [InlineData("guide", true)]
    [InlineData("guide", false)]
    public async Task Chat_StopTextOverTheBreak_IsUnbroken(string model, bool stream)
    {
        var bed = await BedAsync(model);
        var messages = new[] { new { role = "user", content = Prompt } };
        var probe = await bed.First.PostAsync(Chat, new { model, messages, temperature = 0, max_tokens = 10, ignore_eos = true });
        var text = probe.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
        // A text that holds several ids at once; another that begins like it holds text back and never comes.
        var stop = text[(text.Length / 2 - 4)..(text.Length / 2 + 4)];
        await bed.CheckEveryCutAsync(Chat,
            new
            {
                model, messages, temperature = 0, max_tokens = 10, ignore_eos = true, stop = new[] { stop, text[..3] + "\u0001" },
                stream
            });
        await bed.CheckEveryCutAsync(Chat,
            new { model, messages, temperature = 0, max_tokens = 10, ignore_eos = true, stop, include_stop_str_in_output = true, stream });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Completion_HalfCharacters_AreUnbroken(bool stream)
    {
        var bed = await BedAsync("guide");
        var tokens = await bed.First.PostAsync("/tokenize", new { model = "guide", prompt = "😀é", add_special_tokens = false });
        var allowed = tokens.GetProperty("tokens").EnumerateArray().Select(id => id.GetInt32()).ToArray();
        Assert.True(allowed.Length > 2, "The tokenizer must take the text apart.");
        for (var seed = 0; seed < 3; seed++)
            await bed.CheckEveryCutAsync(Completions,
                new
                {
                    model = "guide", prompt = Prompt, seed, temperature = 2, max_tokens = 12, allowed_token_ids = allowed,
                    return_token_ids = true, stream
                });
    }

    [Theory]
    [InlineData("sim")]
    [InlineData("guide")]
    public async Task Answer_PromptLogprobs_IsUnbroken(string model)
    {
        var bed = await BedAsync(model);
        await bed.CheckEveryCutAsync(Chat,
            new
            {
                model, messages = new[] { new { role = "user", content = Prompt } }, max_tokens = 5, prompt_logprobs = 2, logprobs = true,
                return_token_ids = true
            });
        await bed.CheckEveryCutAsync(Completions,
            new { model, prompt = new[] { Prompt, "Another" }, n = 2, max_tokens = 4, prompt_logprobs = 1, logprobs = 2, echo = true },
            numChoices: 4);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Completion_EchoOnly_IsUnbroken(bool stream) =>
        await (await BedAsync("sim")).CheckEveryCutAsync(Completions,
        new { model = "sim", prompt = Prompt, max_tokens = 0, echo = true, logprobs = 1, stream });

    [Fact]
    public async Task Resume_ThatDoesNotFitItsRequest_Is400()
    {
        var bed = await BedAsync("sim");
        var body = JsonSerializer.SerializeToElement(new { model = "sim", prompt = Prompt, max_tokens = 4, n = 2 });
        var state = new GatewayState(Completions, body);
        foreach (var resume in new[]
        {
            state.ToResume(1, 1),
            state.ToResume(1, 2) with { Path = "/v1/models" },
            state.ToResume(1, 2) with { Choices = null! },
            WithFirst(state, first => first with { Tokens = [1, 2, 3, 4, 5] }),
            WithFirst(state, first => first with { Tokens = [40_000] }),
            WithFirst(state, first => first with { Tokens = [1], Finish = "stop" }),
            WithFirst(state, first => first with { Extra = [JsonSerializer.SerializeToElement(new { l = 5 })] }),
        })
        {
            var (status, _) = await bed.Second.FailAsync("internal/v1/resume", JsonSerializer.Serialize(resume));
            Assert.Equal(400, status);
        }

        var (stale, error) =
            await bed.Second.FailAsync("internal/v1/resume", JsonSerializer.Serialize(state.ToResume(1, 2) with { Epoch = 9 }));
        Assert.Equal((409, "stale_epoch"), (stale, error.GetProperty("code").GetString()));
        await bed.CheckRestAsync();
    }

    private static ResumeRequest WithFirst(GatewayState state, Func<ResumeChoice, ResumeChoice> change)
    {
        var resume = state.ToResume(1, 2);
        return resume with { Choices = [change(resume.Choices[0]), resume.Choices[1]] };
    }

    private Task<ResumeBed> BedAsync(string model) => beds.GetAsync(model);
}
