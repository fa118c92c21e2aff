using Grid.Gateway.Routing.Pickers;
using Grid.Gateway.Routing.Scorers;

namespace Grid.Gateway.Routing;

/// <summary>The policies of <c>gateway.routing</c>.</summary>
internal static class RoutingPolicies
{
    /// <summary>A policy by its name. An unknown one comes from a newer grid and is the default.</summary>
    public static RoutingPolicy Create(string name, Random random)
    {
        var work = new WorkAheadScorer();
        var session = new SessionScorer();
        var lowest = new LowestScorePicker(random);
        return name switch
        {
            "least-load" => new(name, [work, session], lowest),
            "round-robin" => new(name, [], new RoundRobinPicker()),
            "random" => new(name, [], new RandomPicker(random)),
            "power-of-two" => new(name, [work, session], new PowerOfTwoPicker(random)),
            "session" => new(name, [work], new SessionPicker(lowest)),
            _ => new(name, [work, session, new PrefixScorer()], lowest),
        };
    }
}
