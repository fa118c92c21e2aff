using System.Net;
using System.Text;
using Grid.Abstractions;
using Grid.Cli.Chat;
using Grid.Cli.CommandLine;
using Grid.Client;
using Grid.Client.Requests;

namespace Grid.Cli.Tests.Chat;

public sealed class ChatSessionTests : IDisposable
{
    private static readonly Uri Address = new("http://server.test");

    private readonly Handler _handler = new();
    private readonly HttpClient _http;
    private readonly StringWriter _output = new();
    private readonly StringWriter _notes = new();

    public ChatSessionTests() => _http = new HttpClient(_handler);

    public void Dispose()
    {
        _http.Dispose();
        _output.Dispose();
        _notes.Dispose();
    }

    [Fact]
    public async Task RunAsync_Questions_CarryTheConversation()
    {
        Assert.Equal(ExitCodes.Done, await TalkAsync("one\ntwo\n"));

        Assert.Equal($"hello{Environment.NewLine}hello{Environment.NewLine}", _output.ToString());
        Assert.Contains(
            """[{"role":"system","content":"be brief"},{"role":"user","content":"one"},"""
            + """{"role":"assistant","content":"hello"},{"role":"user","content":"two"}]""", _handler.Bodies[1]);
    }

    [Fact]
    public async Task RunAsync_RefusedQuestion_IsForgotten()
    {
        _handler.Statuses.Enqueue(HttpStatusCode.BadRequest);

        Assert.Equal(ExitCodes.Done, await TalkAsync("bad\ngood\n"));

        Assert.Contains("refused", _notes.ToString());
        Assert.DoesNotContain("bad", _handler.Bodies[1]);
    }

    [Fact]
    public async Task RunAsync_WrongKey_EndsTheChat()
    {
        _handler.Statuses.Enqueue(HttpStatusCode.Unauthorized);

        var fault = await Assert.ThrowsAsync<CommandException>(() => TalkAsync("one\ntwo\n"));

        Assert.Equal(ExitCodes.Unauthorized, fault.ExitCode);
        Assert.Single(_handler.Bodies);
    }

    private Task<int> TalkAsync(string input)
    {
        var template = new ChatRequest { Model = "m", Messages = [] };
        var session = new ChatSession(new GridClient(_http, Address), Address, template, "be brief", _output, _notes);
        return session.RunAsync(new StringReader(input), TestContext.Current.CancellationToken);
    }

    private sealed class Handler : HttpMessageHandler
    {
        private const string Answer = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hello\"}}]}\n\ndata: [DONE]\n\n";

        public List<string> Bodies { get; } = [];

        public Queue<HttpStatusCode> Statuses { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Bodies.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
            return Statuses.TryDequeue(out var status)
                ? new HttpResponseMessage(status) { Content = new StringContent("""{"error":{"message":"refused"}}""") }
                : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Answer, Encoding.UTF8, "text/event-stream") };
        }
    }
}
