using System.Text;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Routing;
using Grid.Gateway.Forwarding;
using Grid.Gateway.Routing;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Gateway.Tests.Routing;

/// <summary>A router over a table of ranks, without HTTP.</summary>
internal sealed class RoutingBed
{
    private readonly RouteBook _book;
    private readonly string _policy;
    private long _version;

    public RoutingBed(string policy, params RankRoute[] ranks)
    {
        _policy = policy;
        _book = new RouteBook(Time, new Random(1));
        Router = new Router(_book);
        Set(ranks);
    }

    public FakeTimeProvider Time { get; } = new();

    public Router Router { get; }

    public ModelRanks Model => _book.Find("m")!;

    public static RankRoute[] Ranks(int count) => [.. Enumerable.Range(0, count).Select(index => Rank(index))];

    public static RankRoute Rank(int index, int running = 0, long queuedTokens = 0, int maxNumSeqs = 64) => new(
        new ReplicaId("m", index).Rank(index % 2), 1, $"node-{index}", "http://127.0.0.1:1", true, "numerics", "revision", running, 0, queuedTokens, 0, 65536, maxNumSeqs, 4096);

    public void Set(params RankRoute[] ranks) => _book.Update(new RoutingTable(
        "grid", ++_version, new GatewaySpec(_policy), [new ModelRoute("m", [], "m", 0, null, false, TimeSpan.Zero, ranks)], Time.GetUtcNow()));

    public static RouteQuery Query(string prompt = "p", string? session = null)
    {
        var head = RequestHead.Read(Encoding.UTF8.GetBytes($$"""{"model":"m","prompt":"{{prompt}}"}"""));
        return new RouteQuery { Model = "m", Prompt = head.Prompt, PromptTokens = head.PromptTokens, Session = session is null ? null : RouteHash.Of(session) };
    }

    /// <summary>Node of the rank that is chosen; the request stays in flight.</summary>
    public string? Choose(RouteQuery query) => Router.TryRoute(query)?.Rank.Route.Node;

    /// <summary>Node of the rank that is chosen; the request ends at once.</summary>
    public string? ChooseAndEnd(RouteQuery query)
    {
        using var dispatch = Router.TryRoute(query);
        dispatch?.Started();
        return dispatch?.Rank.Route.Node;
    }
}
