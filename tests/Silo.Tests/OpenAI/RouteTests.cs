using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Grid.Silo.Tests.OpenAI;

/// <summary>Models, tokens, keys, headers and what there is no route for.</summary>
public sealed class RouteTests(SharedSilo shared) : IClassFixture<SharedSilo>
{
    private SiloTestBed Bed => shared.Bed;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Models_Listed_TellTheirLength()
    {
        var model = (await GetAsync("v1/models")).GetProperty("data")[0];
        Assert.Equal(("sim", "model", "grid", "sim"),
            (Text(model, "id"), Text(model, "object"), Text(model, "owned_by"), Text(model, "root")));
        Assert.Equal(8192, model.GetProperty("max_model_len").GetInt32());
        Assert.Equal("sim", Text(await GetAsync("v1/models/sim"), "id"));

        using var other = await Bed.Http.GetAsync("v1/models/org/other", Cancellation);
        Assert.Equal((404, "model_not_found"),
            (await SiloTestBed.ErrorOfAsync(other)) is var (status, error) ? (status, Text(error, "code")) : default);
    }

    [Fact]
    public async Task Models_SeveralNames_AllAnswer()
    {
        await using var bed = await SiloTestBed.StartAsync(silo: options => options with { ModelNames = ["a", "org/b"] });
        foreach (var name in new[] { "a", "org/b" })
            Assert.Equal(name, Text(await bed.PostAsync("v1/completions", new { model = name, prompt = "x", max_tokens = 1 }), "model"));
        using var card = await bed.Http.GetAsync("v1/models/org/b", Cancellation);
        Assert.Equal(HttpStatusCode.OK, card.StatusCode);
    }

    [Fact]
    public async Task Tokenize_TextAndMessages_GiveTheirIds()
    {
        var text = await Bed.PostAsync("tokenize", new { model = "sim", prompt = "Hé", return_token_strs = true });
        Assert.Equal([72, 195, 169], text.GetProperty("tokens").EnumerateArray().Select(id => id.GetInt32()));
        Assert.Equal((3, 8192, 3),
            (text.GetProperty("count").GetInt32(), text.GetProperty("max_model_len").GetInt32(),
            text.GetProperty("token_strs").GetArrayLength()));

        var chat = await Bed.PostAsync("tokenize", new { model = "sim", messages = new[] { new { role = "user", content = "Hi" } } });
        Assert.Equal(SimulatedOracle.Chat(("user", "Hi")), chat.GetProperty("tokens").EnumerateArray().Select(id => id.GetInt32()));
        var open = await Bed.PostAsync("tokenize",
            new { model = "sim", messages = new[] { new { role = "user", content = "Hi" } }, add_generation_prompt = false });
        Assert.Equal(SimulatedOracle.Prompt("<|im_start|>user\nHi<|im_end|>\n"),
            open.GetProperty("tokens").EnumerateArray().Select(id => id.GetInt32()));

        var back = await Bed.PostAsync("detokenize", new { model = "sim", tokens = new[] { 72, 195, 169, 300 } });
        Assert.Equal("Hé w300", Text(back, "prompt"));
    }

    [Fact]
    public async Task Answer_RequestId_IsEchoedAndInTheAnswersId()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post,
            "v1/completions")
        { Content = JsonContent.Create(new { model = "sim", prompt = "x", max_tokens = 1 }) };
        request.Headers.Add("X-Request-Id", "my-id.1");
        using var response = await Bed.Http.SendAsync(request, Cancellation);

        Assert.Equal("my-id.1", response.Headers.GetValues("X-Request-Id").Single());
        Assert.Equal("node%20a", response.Headers.GetValues("X-Grid-Node").Single());
        Assert.Equal("sim/r0/dp0", response.Headers.GetValues("X-Grid-Rank").Single());
        Assert.Equal("cmpl-my-id.1", Text(await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation), "id"));
    }

    [Fact]
    public async Task Answer_SameRequestIdTwiceAtOnce_BothAreAnswered()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post,
                "v1/completions")
            { Content = JsonContent.Create(new { model = "sim", prompt = "x", max_tokens = 200 }) };
            request.Headers.Add("X-Request-Id", "twice");
            using var response = await Bed.Http.SendAsync(request, Cancellation);
            return response.StatusCode;
        }));
        Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
    }

    [Theory]
    [InlineData("X-Request-Id", "has space")]
    [InlineData("X-Data-Parallel-Rank", "1")]
    [InlineData("X-Data-Parallel-Rank", "x")]
    public async Task Header_BreaksItsRule_Is400AndNamed(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post,
            "v1/completions")
        { Content = JsonContent.Create(new { model = "sim", prompt = "x" }) };
        request.Headers.Add(header, value);
        using var response = await Bed.Http.SendAsync(request, Cancellation);
        var (status, error) = await SiloTestBed.ErrorOfAsync(response);
        Assert.Equal((400, header), (status, Text(error, "param")));
    }

    [Theory]
    [InlineData("GET", "v1/nothing", 404)]
    [InlineData("POST", "v1/chat", 404)]
    [InlineData("GET", "v1/completions", 405)]
    [InlineData("PUT", "v1/chat/completions", 405)]
    [InlineData("DELETE", "v1/models", 405)]
    [InlineData("POST", "health", 405)]
    public async Task Route_NotThere_IsAnErrorInOpenAIsShape(string method, string path, int expected)
    {
        using var response = await Bed.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancellation);
        var (status, error) = await SiloTestBed.ErrorOfAsync(response);
        Assert.Equal((expected, "invalid_request_error"), (status, Text(error, "type")));
        if (expected == 405) Assert.NotEmpty(response.Content.Headers.Allow);
    }

    [Fact]
    public async Task Keys_Given_AreDemandedWhereTheModelIsReached()
    {
        await using var bed = await SiloTestBed.StartAsync(silo: options => options with { ApiKeys = ["first", "second"] });
        Assert.Equal(HttpStatusCode.OK, (await bed.Http.GetAsync("health", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await bed.Http.GetAsync("metrics", Cancellation)).StatusCode);
        foreach (var path in new[] { "v1/models", "v1/completions", "tokenize", "V1/models" })
        {
            foreach (var header in new[] { null, "Bearer wrong", "Basic first", "Bearer", "Bearer firs" })
            {
                using var refused = await SendAsync(bed, path, header);
                var (status, error) = await SiloTestBed.ErrorOfAsync(refused);
                Assert.Equal((401, "invalid_api_key"), (status, Text(error, "code")));
                Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.Single().Scheme);
            }
        }

        foreach (var header in new[] { "Bearer first", "bearer second" })
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(bed, "v1/models", header)).StatusCode);
    }

    private static Task<HttpResponseMessage> SendAsync(SiloTestBed bed, string path, string? authorization)
    {
        var request = new HttpRequestMessage(path.EndsWith("models", StringComparison.Ordinal) ? HttpMethod.Get : HttpMethod.Post, path);
        if (request.Method == HttpMethod.Post) request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        if (authorization is not null) request.Headers.Authorization = AuthenticationHeaderValue.Parse(authorization);
        return bed.Http.SendAsync(request, Cancellation);
    }

    private static string? Text(JsonElement parent, string name) => parent.GetProperty(name).GetString();

    private async Task<JsonElement> GetAsync(string path) =>
        JsonDocument.Parse(await Bed.Http.GetStringAsync(path, Cancellation)).RootElement;
}
