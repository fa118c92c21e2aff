using Grid.Abstractions.Admin;
using Grid.Abstractions.Grains;
using Grid.Gateway.Telemetry;

namespace Grid.Gateway.Admin;

/// <summary>What the admin API works with.</summary>
public sealed record AdminOptions
{
    /// <summary>The content of admin.key, the only bearer token that is accepted.</summary>
    public required string Key { get; init; }

    /// <summary>The grid's grain; null while the cluster cannot be reached.</summary>
    public required Func<IGridGrain?> Grid { get; init; }

    /// <summary>A node's grain by its name; null while the cluster cannot be reached.</summary>
    public Func<string, INodeGrain?> Node { get; init; } = _ => null;

    /// <summary>
    /// Creates a join token with a lifetime (null: the default) and a number of uses (null: any number). Null: this process is not a head.
    /// </summary>
    public Func<TimeSpan?, int?, string>? Tokens { get; init; }

    /// <summary>Lists the join tokens; null: this process is not a head.</summary>
    public Func<IReadOnlyList<JoinTokenView>>? ListTokens { get; init; }

    /// <summary>Revokes a join token by its id, and says whether there is one; null: this process is not a head.</summary>
    public Func<string, bool>? RevokeToken { get; init; }

    /// <summary>Shuts the process down gracefully; null if that cannot be done here.</summary>
    public Action? Shutdown { get; init; }

    /// <summary>The latest log lines of this process; null if they are not kept.</summary>
    public RecentLog? Log { get; init; }

    /// <summary>Checks of <c>/readyz</c>, for probes without a key.</summary>
    public Func<IEnumerable<HealthCheck>> Checks { get; init; } = () => [];

    /// <summary>Why the process has to be restarted, for <c>/livez</c>; null if it has not.</summary>
    public Func<string?> Failure { get; init; } = () => null;

    /// <summary>Clock of followed streams.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
