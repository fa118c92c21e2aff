using Grid.Gateway.Ranks;
using Yarp.ReverseProxy.LoadBalancing;

namespace Grid.Gateway.LoadBalancing;

/// <summary>The policies of <c>gateway.routing</c>.</summary>
internal static class RoutingPolicies
{
    public const string Default = "prefix-aware";

    private static readonly string[] Names = [Default, "least-load", "round-robin", "random", "power-of-two", "session"];

    public static bool IsKnown(string name) => Names.Contains(name);

    /// <summary>Registers each policy under its name.</summary>
    public static IServiceCollection AddRoutingPolicies(this IServiceCollection services)
    {
        foreach (var name in Names)
        {
            services.AddSingleton<ILoadBalancingPolicy>(
                provider => Create(name, provider.GetRequiredService<Random>(), provider.GetRequiredService<RankDestinations>()));
        }

        return services;
    }

    private static RankPolicy Create(string name, Random random, RankDestinations ranks)
    {
        var work = new WorkAheadScorer();
        var session = new SessionScorer();
        var lowest = new LowestScorePicker(random);
        return name switch
        {
            "least-load" => new(name, [work, session], lowest, ranks),
            "round-robin" => new(name, [], new RoundRobinPicker(), ranks),
            "random" => new(name, [], new RandomPicker(random), ranks),
            "power-of-two" => new(name, [work, session], new PowerOfTwoPicker(random), ranks),
            "session" => new(name, [work], new SessionPicker(lowest), ranks),
            _ => new(name, [work, session, new PrefixScorer()], lowest, ranks),
        };
    }
}
