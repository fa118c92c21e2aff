using System.Net;
using System.Text;
using System.Text.Json;
using Grid.Client.Requests;
using Grid.Client.Streaming;

namespace Grid.Client.Tests;

public sealed class GridClientTests
{
    [Fact]
    public async Task StreamAsync_Chat_YieldsTextsReasonAndUsage()
    {
        using var server = new CannedServer(HttpStatusCode.OK, """
            data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}

            : a comment

            data: {"choices":[{"index":0,"delta":{"content":"Hé"}}]}

            data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

            data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}

            data: [DONE]


            """);

        var chunks = await server.Client.StreamAsync(
            new ChatRequest { Model = "m", Messages = [new ChatMessage("user", "x")], MaxTokens = 4 }, Cancellation)
            .ToListAsync(Cancellation);

        Assert.Equal(["", "Hé", "", ""], chunks.Select(chunk => chunk.Text));
        Assert.Equal("stop", chunks[2].FinishReason);
        Assert.Equal(new TokenUsage(3, 1, 4), chunks[3].Usage);
        Assert.Equal("/v1/chat/completions", server.Path);
        Assert.Equal("Bearer key", server.Authorization);
        using var body = JsonDocument.Parse(server.Body!);
        Assert.Equal(["messages", "model", "max_tokens", "stream", "stream_options"],
            body.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.True(body.RootElement.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
    }

    [Fact]
    public async Task StreamAsync_TokenIds_GoAsAnArray()
    {
        using var server = new CannedServer(HttpStatusCode.OK, "data: {\"choices\":[{\"index\":0,\"text\":\"a\"}]}\n\ndata: [DONE]\n\n");

        await server.Client.StreamAsync(new CompletionRequest { Model = "m", Prompt = Prompt.FromTokenIds([1, 2]) }, Cancellation)
            .ToListAsync(Cancellation);

        Assert.Contains("\"prompt\":[1,2]", server.Body);
    }

    [Fact]
    public async Task StreamAsync_ErrorEvent_Throws()
    {
        using var server = new CannedServer(HttpStatusCode.OK, "data: {\"error\":{\"message\":\"engine died\",\"code\":\"x\"}}\n\n");

        var fault = await Assert.ThrowsAsync<GridClientException>(
            async () => await server.Client.StreamAsync(Completion, Cancellation).ToListAsync(Cancellation));

        Assert.Equal(("engine died", "x", null), (fault.Message, fault.Code, fault.Status));
    }

    [Fact]
    public async Task StreamAsync_BrokenStream_Throws()
    {
        using var server = new CannedServer(HttpStatusCode.OK, "data: {\"choices\":[{\"index\":0,\"text\":\"a\"}]}\n\n");

        await Assert.ThrowsAsync<GridClientException>(
            async () => await server.Client.StreamAsync(Completion, Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task StreamAsync_Refusal_CarriesTheServersWords()
    {
        using var server =
            new CannedServer(HttpStatusCode.BadRequest, """{"error":{"message":"n must be at most 128","param":"n","code":null}}""");

        var fault = await Assert.ThrowsAsync<GridClientException>(
            async () => await server.Client.StreamAsync(Completion, Cancellation).ToListAsync(Cancellation));

        Assert.Equal((HttpStatusCode.BadRequest, "n must be at most 128", "n"), (fault.Status, fault.Message, fault.Parameter));
    }

    [Fact]
    public async Task GetModelsAsync_ProxyPage_NamesTheStatus()
    {
        using var server = new CannedServer(HttpStatusCode.BadGateway, "<html>");

        Assert.Contains("502", (await Assert.ThrowsAsync<GridClientException>(() => server.Client.GetModelsAsync(Cancellation))).Message);
    }

    [Fact]
    public async Task GetModelsAsync_List_IsRead()
    {
        using var server = new CannedServer(HttpStatusCode.OK,
            """{"object":"list","data":[{"id":"guide","object":"model","root":"r","max_model_len":1024}]}""");

        Assert.Equal([new ModelCard("guide", "r", 1024)], await server.Client.GetModelsAsync(Cancellation));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://server")]
    [InlineData("http://server/")]
    [InlineData("http://server/v1")]
    [InlineData("http://server/v1/")]
    public async Task GetModelsAsync_OverOpenAIsBaseUrlToo_AsksOnePath(string address)
    {
        using var server = new CannedServer(HttpStatusCode.OK, """{"data":[{"id":"m"}]}""", "application/json");

        await server.At(address).GetModelsAsync(Cancellation);

        Assert.Equal("/v1/models", server.Path);
    }

    private static CompletionRequest Completion => new() { Model = "m", Prompt = Prompt.FromText("p") };

    private sealed class CannedServer(HttpStatusCode status, string answer, string type = "text/event-stream") : HttpMessageHandler
    {
        public GridClient Client => At("http://server");

        public string? Body { get; private set; }

        public string? Path { get; private set; }

        public string? Authorization { get; private set; }

        public GridClient At(string address) => new(new HttpClient(this, disposeHandler: false), new Uri(address), "key");

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Path = request.RequestUri!.AbsolutePath;
            Authorization = request.Headers.Authorization?.ToString();
            Body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
            return new HttpResponseMessage(status) { Content = new StringContent(answer, Encoding.UTF8, type) };
        }
    }
}
