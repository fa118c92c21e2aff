using System.Text;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Routing;
using Grid.Gateway.Forwarding;
using Grid.Gateway.Ranks;
using Grid.Gateway.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Yarp.ReverseProxy.LoadBalancing;

namespace Grid.Gateway.Tests.Fakes;

/// <summary>YARP over a table of ranks, without a server.</summary>
internal sealed class RoutingBed
{
    private readonly WebApplication _app;
    private readonly string _policy;
    private long _version;

    public RoutingBed(string policy, params RankRoute[] ranks)
    {
        _policy = policy;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddProvider(Log);
        builder.Services.AddSingleton<TimeProvider>(Time).AddSingleton(new Random(1));
        builder.Services.AddGridRouting(UpstreamHttp.Create());
        builder.WebHost.UseKestrelCore();
        _app = builder.Build();
        _app.MapReverseProxy(_ => { });
        Set(ranks);
    }

    public FakeTimeProvider Time { get; } = new();

    public LogRecorder Log { get; } = new();

    public RoutingState Routing => Get<RoutingState>();

    /// <summary>The ranks with YARP's state of them, sorted by id.</summary>
    public RankDestinations.Binding[] Bound => [.. Get<RankDestinations>().Bound.OrderBy(bound => bound.Rank.Id, StringComparer.Ordinal)];

    public RankState[] States => [.. Bound.Select(bound => bound.Rank)];

    public static RankRoute[] Ranks(int count) => [.. Enumerable.Range(0, count).Select(index => Rank(index))];

    public static RankRoute Rank(int index, int running = 0, long queuedTokens = 0, int maxNumSeqs = 64) => new(
        $"m/r{index}/dp{index % 2}",
        1,
        $"node-{index}",
        $"http://127.0.0.1:{index + 1}",
        true,
        "numerics",
        "revision",
        running,
        0,
        queuedTokens,
        0,
        65536,
        maxNumSeqs,
        4096);

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public void Set(params RankRoute[] ranks) => Set([Model("m", ranks)]);

    public void Set(ModelRoute[] models, string? policy = null) =>
        Routing.Update(new RoutingTable("grid", ++_version, new GatewaySpec(policy ?? _policy), models, Time.GetUtcNow()));

    public static ModelRoute Model(string name, params RankRoute[] ranks) => new(name, [], name, 0, null, false, TimeSpan.Zero, ranks);

    public static RouteQuery Query(string prompt = "p", string? session = null)
    {
        var head = RequestHead.Read(Encoding.UTF8.GetBytes($$"""{"model":"m","prompt":"{{prompt}}"}"""));
        return new RouteQuery
        {
            Model = "m",
            Prompt = head.Prompt,
            PromptTokens = head.PromptTokens,
            Session = session is null ? null : RouteHash.Of(session),
        };
    }

    /// <summary>Sends a request to the rank that is chosen, as the steps of the pipeline do.</summary>
    public Dispatch? TryDispatch(RouteQuery query)
    {
        var selected = Get<DestinationSelector>().Select(query);
        if (selected.IsEmpty) return null;
        var context = new DefaultHttpContext();
        context.Features.Set(new RoutedRequest(query));
        var policy = Get<IEnumerable<ILoadBalancingPolicy>>()
            .Single(policy => policy.Name == selected.Cluster!.Model.Config.LoadBalancingPolicy);
        var destination = policy.PickDestination(context, selected.Cluster!, selected.Destinations!)!;
        return Get<RankDestinations>().Of(destination).Dispatch(query, () => { });
    }

    /// <summary>An attempt at a rank has ended.</summary>
    public void Report(int rank, AttemptResult result) =>
        Get<RankHealthPolicy>().Take(result, Bound[rank].Cluster, Bound[rank].Destination);

    /// <summary>Node of the rank that is chosen; the request stays in flight.</summary>
    public string? Choose(RouteQuery query) => TryDispatch(query)?.Rank.Route.Node;

    /// <summary>Node of the rank that is chosen; the request ends at once.</summary>
    public string? ChooseAndEnd(RouteQuery query)
    {
        using var dispatch = TryDispatch(query);
        dispatch?.Started();
        return dispatch?.Rank.Route.Node;
    }
}
