using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Routing;
using Grid.Gateway.Forwarding;
using Grid.Gateway.Hosting;
using Grid.Gateway.Tests.Fakes;
using Grid.Silo.Ranks;

namespace Grid.Silo.Tests.Gateways;

/// <summary>A gateway before two real silos whose engines are simulated: each is the other's oracle.</summary>
public sealed class GatewayTests
{
    private const int Stride = 127;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Requests => new()
    {
        { "/v1/completions",
            """{"model":"sim","prompt":"A story","max_tokens":24,"temperature":1,"n":2,"stream":true"""
            + ""","stream_options":{"include_usage":true},"return_token_ids":true,"logprobs":1}""" },
        { "/v1/chat/completions",
            """{"model":"sim","messages":[{"role":"user","content":"Hello"}],"max_tokens":24,"stream":true,"frequency_penalty":0.5"""
            + ""","temperature":0.8,"return_token_ids":true,"logprobs":true}""" },
        { "/v1/chat/completions",
            """{"model":"sim","messages":[{"role":"user","content":"Hello"}],"max_tokens":24,"temperature":0.8"""
            + ""","return_token_ids":true,"logprobs":true,"top_logprobs":2}""" },
        { "/v1/completions", """{"model":"sim","prompt":["A","B"],"max_tokens":12,"logprobs":0,"return_token_ids":true}""" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Answer_CutAnywhere_IsThatOfOneUnbrokenRun(string path, string json)
    {
        await using var bed = await Bed.StartAsync();
        var body = json[..^1] + ",\"seed\":42}";
        var expected = await Bed.AskAsync(bed.Second.Http, path, body);
        for (var cut = 0; ; cut += Stride)
        {
            var before = bed.Relay.NumCut;
            bed.Relay.CutAfter = cut;
            bed.SetTable();
            Assert.Equal(expected, await Bed.AskAsync(bed.Http, path, body));
            if (bed.Relay.NumCut == before) break;
            Assert.True(cut < 1 << 16, "The answer has no end.");
        }

        await bed.First.WaitForAsync(status => status.Running + status.Waiting == 0);
        await bed.Second.WaitForAsync(status => status.Running + status.Waiting == 0);
    }

    [Fact]
    public async Task Stream_WhoseSiloHandsOver_GoesOn()
    {
        await using var bed = await Bed.StartAsync(new() { Step = TimeSpan.FromMilliseconds(5) });
        const string Body = """{"model":"sim","prompt":"A story","max_tokens":100,"seed":1,"stream":true,"return_token_ids":true}""";
        var expected = await Bed.AskAsync(bed.Second.Http, "/v1/completions", Body);
        var asked = Bed.AskAsync(bed.Http, "/v1/completions", Body);
        await bed.First.WaitForAsync(status => status.Running == 1);
        Assert.Equal(1, await bed.First.Server.Ranks.HandOverAsync(HandOverReason.Drain));
        Assert.Equal(expected, await asked);
    }

    private sealed class Bed : IAsyncDisposable
    {
        private readonly HttpMessageInvoker _upstream = UpstreamHttp.Create();
        private readonly InMemoryRoutingTableSource _source = new();
        private ServedRank? _rank;
        private GatewayServer _server = null!;
        private long _version;

        public SiloTestBed First { get; private set; } = null!;

        public SiloTestBed Second { get; private set; } = null!;

        public CuttingRelay Relay { get; private set; } = null!;

        public HttpClient Http { get; private set; } = null!;

        public static async Task<Bed> StartAsync(Engine.Simulation.SimOptions? simulation = null)
        {
            var bed = new Bed
            {
                First = await SiloTestBed.StartAsync(simulation: simulation),
                Second = await SiloTestBed.StartAsync(simulation: simulation)
            };
            bed.Relay = new CuttingRelay(bed.First.Server.EndPoint);
            bed._server = await GatewayServer.StartAsync(new GatewayOptions { Name = "gate", Port = 0 }, bed._source, bed._upstream);
            bed.Http = new HttpClient { BaseAddress = new Uri($"http://{bed._server.EndPoint}/") };
            bed.SetTable();
            return bed;
        }

        /// <summary>The first silo's rank under a new epoch, so that nothing is held against it.</summary>
        public void SetTable()
        {
            var epoch = ++_version;
            _rank = First.Server.Ranks.Register(new RankIdentity(ReplicaId.Parse("sim/r1"), 0, epoch, ["sim"]), First.Model);
            _source.Set(
                new RoutingTable("grid", epoch, new GatewaySpec("least-load"),
                [new ModelRoute("sim", [], "sim", 0, 4096, false, TimeSpan.Zero,
                    [Rank("sim/r0/dp0", 0, $"http://{Second.Server.EndPoint}", 9), Rank("sim/r1/dp0", epoch, Relay.Url, 0)])],
                    DateTimeOffset.UnixEpoch.AddSeconds(epoch)));
        }

        /// <summary>What a client keeps of an answer: by choice its texts, ids, logprobs and end, and the usage.</summary>
        public static async Task<string> AskAsync(HttpClient http, string path, string body)
        {
            using var request =
                new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
            await using var stream = await response.Content.ReadAsStreamAsync(Cancellation);
            var kept = new Kept();
            if (response.Content.Headers.ContentType!.MediaType == "application/json")
            {
                kept.Add((await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)));
                return kept.ToString();
            }

            var last = "";
            await foreach (var item in SseParser.Create(stream).EnumerateAsync(Cancellation))
                if ((last = item.Data) != "[DONE]") kept.Add(JsonDocument.Parse(last).RootElement);
            Assert.Equal("[DONE]", last);
            return kept.ToString();
        }

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await _server.DisposeAsync();
            _upstream.Dispose();
            await Relay.DisposeAsync();
            await First.DisposeAsync();
            await Second.DisposeAsync();
        }

        private static RankRoute Rank(string id, long epoch, string url, int running) =>
            new(RankId.Parse(id), epoch, id, url, true, "numerics", "revision", running, 0, 0, 0, 65536, 64, 4096);
    }

    /// <summary>However its chunks were cut: values of one name are joined, choice by choice.</summary>
    private sealed class Kept
    {
        private readonly SortedDictionary<string, StringBuilder> _parts = new(StringComparer.Ordinal);

        public void Add(JsonElement answer)
        {
            Assert.False(answer.TryGetProperty("error", out _), answer.GetRawText());
            if (answer.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
                foreach (var name in new[] { "prompt_tokens", "completion_tokens" }) Join(name, usage.GetProperty(name));
            foreach (var choice in answer.GetProperty("choices").EnumerateArray()) Join($"{choice.GetProperty("index")}", choice);
        }

        public override string ToString() => string.Join('\n', _parts.Select(part => $"{part.Key}: {part.Value}"));

        private void Join(string path, JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.Object)
            {
                foreach (var field in value.EnumerateObject().Where(field => field.Name != "index"))
                    Join($"{path}.{field.Name}", field.Value);
                return;
            }

            if (value.ValueKind == JsonValueKind.Null) return;
            if (!_parts.TryGetValue(path, out var joined)) _parts[path] = joined = new StringBuilder();
            if (value.ValueKind == JsonValueKind.Array)
                joined.AppendJoin("", value.EnumerateArray().Select(item => item.GetRawText() + ";"));
            else joined.Append(value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText());
        }
    }
}
