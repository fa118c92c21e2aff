namespace Grid.Grains.Records;

/// <summary>The controller's times.</summary>
internal static class GridTimes
{
    /// <summary>A node or gateway that has not reported for so long is late.</summary>
    public static readonly TimeSpan ReportTimeout = TimeSpan.FromSeconds(3);

    /// <summary>After its start a controller waits so long for the reports of all members before it places anything.</summary>
    public static readonly TimeSpan GatherTimeout = TimeSpan.FromSeconds(5);

    /// <summary>What is not answered for so long is sent again.</summary>
    public static readonly TimeSpan ResendInterval = TimeSpan.FromSeconds(2);

    /// <summary>Tables are pushed at most so often.</summary>
    public static readonly TimeSpan PublishInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Past its deadline a drain may take so long before it counts as blocked.</summary>
    public static readonly TimeSpan BlockedGrace = TimeSpan.FromSeconds(5);

    /// <summary>A gateway that has been silent for so long is forgotten.</summary>
    public static readonly TimeSpan GatewayRetention = TimeSpan.FromMinutes(1);

    /// <summary>A node that went so long ago is forgotten.</summary>
    public static readonly TimeSpan NodeRetention = TimeSpan.FromMinutes(30);

    /// <summary>A replica whose expert shard has had no place for so long is given up.</summary>
    public static readonly TimeSpan ExpertPlaceTimeout = TimeSpan.FromSeconds(30);

    /// <summary>A shard that has been ready for so long does not fail in a row with its failures before.</summary>
    public static readonly TimeSpan FailureReset = TimeSpan.FromSeconds(30);

    /// <summary>Ranks have so long to follow an expert shard to its new place before the old one is unloaded.</summary>
    public static readonly TimeSpan ExpertUnloadDelay = TimeSpan.FromSeconds(2);

    /// <summary>drainTimeout where the specification says none.</summary>
    public static readonly TimeSpan DrainTimeout = TimeSpan.FromMinutes(5);
}
