namespace Grid.Cluster.Http;

/// <summary>One check of <c>/readyz?verbose</c>.</summary>
/// <param name="Name">What is checked.</param>
/// <param name="Ok">Whether it holds.</param>
/// <param name="Reason">loading, draining, engine_stuck or not_a_member; null where it holds.</param>
/// <param name="Message">For people; null where it holds.</param>
public sealed record HealthCheck(string Name, bool Ok, string? Reason, string? Message);
