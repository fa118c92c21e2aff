namespace Grid.Grains.Records;

/// <summary>The controller's times.</summary>
internal static class GridTimes
{
    /// <summary>The time without a report after which a node or gateway is late.</summary>
    public static readonly TimeSpan ReportTimeout = TimeSpan.FromSeconds(3);

    /// <summary>How long a controller waits after its start for the reports of all members before it places anything.</summary>
    public static readonly TimeSpan GatherTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The time without an answer after which something is sent again.</summary>
    public static readonly TimeSpan ResendInterval = TimeSpan.FromSeconds(2);

    /// <summary>The shortest time between two routing tables that are pushed.</summary>
    public static readonly TimeSpan PublishInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a drain may last past its deadline before it counts as blocked.</summary>
    public static readonly TimeSpan BlockedGrace = TimeSpan.FromSeconds(5);

    /// <summary>The time without a report after which a gateway is forgotten.</summary>
    public static readonly TimeSpan GatewayRetention = TimeSpan.FromMinutes(1);

    /// <summary>How long a node that left is remembered.</summary>
    public static readonly TimeSpan NodeRetention = TimeSpan.FromMinutes(30);

    /// <summary>How long an expert shard may have no place before its replica is given up.</summary>
    public static readonly TimeSpan ExpertPlaceTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long a shard must be ready before its next failure starts a new row.</summary>
    public static readonly TimeSpan FailureReset = TimeSpan.FromSeconds(30);

    /// <summary>How long ranks have to follow an expert shard to its new place before the old one is unloaded.</summary>
    public static readonly TimeSpan ExpertUnloadDelay = TimeSpan.FromSeconds(2);

    /// <summary>The default of drainTimeout.</summary>
    public static readonly TimeSpan DrainTimeout = TimeSpan.FromMinutes(5);
}
