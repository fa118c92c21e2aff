using Grid.Cluster.Security;
using Grid.Cluster.Store;

namespace Grid.Cluster.Hosting;

/// <summary>What every Orleans host of a process needs.</summary>
public sealed record ClusterSettings
{
    /// <summary>Orleans' service id, the same for every grid.</summary>
    public const string DefaultServiceId = "grid";

    /// <summary>The grid's id.</summary>
    public required string ClusterId { get; init; }

    /// <summary>Prefix of the grid's keys in the store.</summary>
    public string ServiceId { get; init; } = DefaultServiceId;

    /// <summary>The process's connection.</summary>
    public required StoreConnection Store { get; init; }

    /// <summary>The TLS of all links; null for plain links.</summary>
    public NodeTls? Tls { get; init; }

    /// <summary>Adds the process's log providers; null for none.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
