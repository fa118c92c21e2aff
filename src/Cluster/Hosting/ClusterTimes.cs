using Orleans.Configuration;

namespace Grid.Cluster.Hosting;

/// <summary>
/// The times by which members find each other dead. Two silos must miss a third, so that one which is itself failing cannot declare
/// others dead.
/// </summary>
public static class ClusterTimes
{
    /// <summary>A silo is probed at this period, and must answer within it: 2 s.</summary>
    public static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Unanswered probes that make one vote: 3.</summary>
    public const int MissedProbes = 3;

    /// <summary>Votes that declare a silo dead: 2, fewer where there are fewer voters.</summary>
    public const int Votes = 2;

    /// <summary>The membership table is read at least so often: 5 s.</summary>
    public static readonly TimeSpan TableRefresh = TimeSpan.FromSeconds(5);

    /// <summary>A silo writes that it lives so often, and one that missed three is not asked when another joins: 3 s.</summary>
    public static readonly TimeSpan AliveWrite = TimeSpan.FromSeconds(3);

    /// <summary>A grain call's time limit: 10 s between silos.</summary>
    public static readonly TimeSpan SiloResponse = TimeSpan.FromSeconds(10);

    /// <summary>A grain call's time limit: 5 s for a gateway, which does not learn of a dead silo.</summary>
    public static readonly TimeSpan ClientResponse = TimeSpan.FromSeconds(5);

    /// <summary>A gateway looks for new silos so often: 2 s.</summary>
    public static readonly TimeSpan GatewayRefresh = TimeSpan.FromSeconds(2);

    internal static void Apply(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = ProbeTimeout;
        options.NumMissedProbesLimit = MissedProbes;
        options.NumVotesForDeathDeclaration = Votes;
        options.TableRefreshTimeout = TableRefresh;
        options.IAmAliveTablePublishTimeout = AliveWrite;
    }
}
