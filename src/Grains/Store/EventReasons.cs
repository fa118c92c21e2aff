namespace Grid.Grains.Store;

/// <summary>
/// Reasons of events, conditions and operations, as programs read them. Operations add <c>DrainStarted</c>, <c>ScaleSucceeded</c> and the
/// like.
/// </summary>
internal static class EventReasons
{
    public const string NodeJoined = "NodeJoined";
    public const string NodeReady = "NodeReady";
    public const string NodeNotReady = "NodeNotReady";
    public const string NodeRestarted = "NodeRestarted";
    public const string NodeLeaving = "NodeLeaving";
    public const string NodeLeft = "NodeLeft";
    public const string NodeDead = "NodeDead";
    public const string NodeGone = "NodeGone";
    public const string NodeCordoned = "NodeCordoned";
    public const string NodeUncordoned = "NodeUncordoned";
    public const string DeclaredDead = "DeclaredDead";
    public const string ReportsLate = "ReportsLate";
    public const string Leaving = "Leaving";
    public const string Cordoned = "Cordoned";
    public const string Uncordoned = "Uncordoned";

    public const string ConfigAccepted = "ConfigAccepted";
    public const string Autoscaled = "Autoscaled";
    public const string ModelFailed = "ModelFailed";
    public const string ModelDegraded = "ModelDegraded";
    public const string Deleting = "Deleting";
    public const string InvalidModelFiles = "InvalidModelFiles";
    public const string ModelFilesUnknown = "ModelFilesUnknown";

    public const string ReplicaPlaced = "ReplicaPlaced";
    public const string LayoutSelected = "LayoutSelected";
    public const string Unschedulable = "Unschedulable";
    public const string ReplicaReady = "ReplicaReady";
    public const string ReplicaResized = "ReplicaResized";
    public const string ReplicaFailed = "ReplicaFailed";
    public const string ReplicaLost = "ReplicaLost";
    public const string ReplicaRecovered = "ReplicaRecovered";
    public const string Replaced = "Replaced";

    public const string RankPlaced = "RankPlaced";
    public const string RankRemoved = "RankRemoved";
    public const string RankLost = "RankLost";
    public const string RankStalled = "RankStalled";
    public const string ShardFailed = "ShardFailed";
    public const string ShardLost = "ShardLost";
    public const string ShardUnreachable = "ShardUnreachable";
    public const string ExpertUnreachable = "ExpertUnreachable";
    public const string ExpertShardReplaced = "ExpertShardReplaced";

    public const string Superseded = "Superseded";
    public const string Cancelled = "Cancelled";
    public const string InsufficientCapacity = "InsufficientCapacity";
    public const string StoreHealthy = "StoreHealthy";
    public const string StoreUnavailable = "StoreUnavailable";
}
