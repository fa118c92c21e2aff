namespace Grid.Hosting.Http;

/// <summary>One check of <c>/readyz?verbose</c>.</summary>
/// <param name="Name">The name of the check, such as engine or membership.</param>
/// <param name="Ok">Whether the check passed.</param>
/// <param name="Reason">loading, draining, engine_stuck or not_a_member; null where it holds.</param>
/// <param name="Message">For people; null where there is nothing to say.</param>
public sealed record HealthCheck(string Name, bool Ok, string? Reason, string? Message)
{
    /// <summary>Whether the one who answers is not ready where it does not hold; else it is shown only.</summary>
    public bool IsRequired { get; init; } = true;

    /// <summary>A check with what is said where it does not hold.</summary>
    public static HealthCheck Of(string name, bool ok, string reason, string message) =>
        new(name, ok, ok ? null : reason, ok ? null : message);
}
