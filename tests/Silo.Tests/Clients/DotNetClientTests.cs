using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Models;

namespace Grid.Silo.Tests.Clients;

/// <summary>The OpenAI client for .NET, as its users call it.</summary>
public sealed class DotNetClientTests(SharedSilo shared) : IClassFixture<SharedSilo>
{
    private static readonly ChatMessage[] Messages = [new SystemChatMessage("Be brief."), new UserChatMessage("Hi")];

    private static readonly string Expected =
        SimulatedOracle.Text(SimulatedOracle.Greedy(SimulatedOracle.Chat(("system", "Be brief."), ("user", "Hi")), 12));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetModels_ListsTheModel()
    {
        var models = await new OpenAIModelClient(new ApiKeyCredential("none"), Options).GetModelsAsync(Cancellation);
        Assert.Equal(["sim"], models.Value.Select(model => model.Id));
    }

    [Fact]
    public async Task CompleteChat_Greedy_GivesTheTextAndItsUsage()
    {
        var answer = (await Client().CompleteChatAsync(Messages, Greedy, Cancellation)).Value;
        Assert.Equal(Expected, answer.Content[0].Text);
        Assert.Equal(ChatMessageRole.Assistant, answer.Role);
        Assert.Equal(ChatFinishReason.Length, answer.FinishReason);
        Assert.Equal(12, answer.Usage.OutputTokenCount);
    }

    [Fact]
    public async Task CompleteChatStreaming_Greedy_GivesTheTextThenTheUsage()
    {
        var text = "";
        ChatTokenUsage? usage = null;
        await foreach (var update in Client().CompleteChatStreamingAsync(Messages, Greedy, Cancellation))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            usage = update.Usage ?? usage;
        }

        Assert.Equal(Expected, text);
        Assert.Equal(12, usage!.OutputTokenCount);
    }

    [Fact]
    public async Task CompleteChat_Stop_EndsBeforeIt()
    {
        var options = Greedy;
        options.StopSequences.Add(Expected.Split(' ')[4]);
        var answer = (await Client().CompleteChatAsync(Messages, options, Cancellation)).Value;
        Assert.Equal(Expected[..(Expected.IndexOf(Expected.Split(' ')[4], StringComparison.Ordinal))], answer.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
    }

    [Fact]
    public async Task CompleteChat_Logprobs_AreReadWithTheTop()
    {
        var options = Greedy;
        (options.IncludeLogProbabilities, options.TopLogProbabilityCount) = (true, 3);
        var answer = (await Client().CompleteChatAsync(Messages, options, Cancellation)).Value;
        Assert.Equal(Expected, string.Concat(answer.ContentTokenLogProbabilities.Select(entry => entry.Token)));
        Assert.All(answer.ContentTokenLogProbabilities, entry =>
        {
            Assert.Equal(3, entry.TopLogProbabilities.Count);
            Assert.Equal(entry.Token, entry.TopLogProbabilities[0].Token);
            Assert.Equal(entry.LogProbability, entry.TopLogProbabilities[0].LogProbability);
        });
    }

    [Fact]
    public async Task CompleteChat_N_GivesAsManyChoices()
    {
        // The typed options have no n; the client's protocol method takes any body.
        var body = BinaryContent.CreateJson(new
        {
            model = "sim", n = 3, seed = 7, temperature = 1, max_tokens = 6,
            messages = new object[] { new { role = "system", content = "Be brief." }, new { role = "user", content = "Hi" } },
        });
        var answer = await Client().CompleteChatAsync(body, new RequestOptions { CancellationToken = Cancellation });
        var choices = JsonDocument.Parse(answer.GetRawResponse().Content).RootElement.GetProperty("choices").EnumerateArray().ToList();
        var prompt = SimulatedOracle.Chat(("system", "Be brief."), ("user", "Hi"));
        Assert.Equal(
            Enumerable.Range(0, 3).Select(index => SimulatedOracle.Text(SimulatedOracle.Sampled(prompt, 6, 7, index))),
            choices.Select(choice => choice.GetProperty("message").GetProperty("content").GetString()));
    }

    [Theory]
    [InlineData("sim", -1f, 400, "temperature")]
    [InlineData("nobody", 0f, 404, "nobody")]
    public async Task CompleteChat_Refused_ThrowsWithStatusAndReason(string model, float temperature, int status, string names)
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(
            () => Client(model).CompleteChatAsync(Messages, new ChatCompletionOptions { Temperature = temperature }, Cancellation));
        Assert.Equal(status, error.Status);
        Assert.Contains(names, error.Message, StringComparison.Ordinal);
    }

    private static ChatCompletionOptions Greedy => new() { Temperature = 0, MaxOutputTokenCount = 12 };

    private OpenAIClientOptions Options => new()
    {
        Endpoint = new Uri($"http://{shared.Bed.Server.EndPoint}/v1"),
        RetryPolicy = new ClientRetryPolicy(0),
    };

    private ChatClient Client(string model = "sim") => new(model, new ApiKeyCredential("none"), Options);
}
