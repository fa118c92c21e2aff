using Grid.Abstractions.Operations;

namespace Grid.Abstractions.Events;

/// <summary>Reasons of events, conditions and operations, as programs read them: one word each, and the same one everywhere.</summary>
public static class EventReasons
{
    /// <summary>A node's process reported for the first time.</summary>
    public const string NodeJoined = "NodeJoined";

    /// <summary>A node that was not ready reports again.</summary>
    public const string NodeReady = "NodeReady";

    /// <summary>A node's reports are late.</summary>
    public const string NodeNotReady = "NodeNotReady";

    /// <summary>A node reported under a new process: what the old one held is lost.</summary>
    public const string NodeRestarted = "NodeRestarted";

    /// <summary>A node is shutting down and is being drained.</summary>
    public const string NodeLeaving = "NodeLeaving";

    /// <summary>A node left the cluster gracefully.</summary>
    public const string NodeLeft = "NodeLeft";

    /// <summary>The cluster declared a node dead.</summary>
    public const string NodeDead = "NodeDead";

    /// <summary>A drain ended because its node is gone.</summary>
    public const string NodeGone = "NodeGone";

    /// <summary>A node takes no new shards.</summary>
    public const string NodeCordoned = "NodeCordoned";

    /// <summary>A node takes new shards again.</summary>
    public const string NodeUncordoned = "NodeUncordoned";

    /// <summary>Why a node is Dead.</summary>
    public const string DeclaredDead = "DeclaredDead";

    /// <summary>Why a node is NotReady.</summary>
    public const string ReportsLate = "ReportsLate";

    /// <summary>Why a node is Draining: its process is shutting down.</summary>
    public const string Leaving = "Leaving";

    /// <summary>A node is Ready and takes no new shards.</summary>
    public const string Cordoned = "Cordoned";

    /// <summary>A drain was cancelled by uncordoning its node.</summary>
    public const string Uncordoned = "Uncordoned";

    /// <summary>A configuration is in force.</summary>
    public const string ConfigAccepted = "ConfigAccepted";

    /// <summary>The watched file could not be read; the last configuration stays in force.</summary>
    public const string ConfigInvalid = "ConfigInvalid";

    /// <summary>The grid refused the watched file; the last configuration stays in force.</summary>
    public const string ConfigRefused = "ConfigRefused";

    /// <summary>The autoscaler changed the number of replicas of a model.</summary>
    public const string Autoscaled = "Autoscaled";

    /// <summary>No replica of a model serves, and none can be brought up.</summary>
    public const string ModelFailed = "ModelFailed";

    /// <summary>Fewer replicas of a model serve than minAvailable requires.</summary>
    public const string ModelDegraded = "ModelDegraded";

    /// <summary>A model is being deleted and still has replicas.</summary>
    public const string Deleting = "Deleting";

    /// <summary>The files of a model cannot be served.</summary>
    public const string InvalidModelFiles = "InvalidModelFiles";

    /// <summary>No node has reported the files of a model yet.</summary>
    public const string ModelFilesUnknown = "ModelFilesUnknown";

    /// <summary>A replica was given nodes and devices.</summary>
    public const string ReplicaPlaced = "ReplicaPlaced";

    /// <summary>A parallel layout was selected for a replica, and why.</summary>
    public const string LayoutSelected = "LayoutSelected";

    /// <summary>No set of nodes has room for a replica or a shard.</summary>
    public const string Unschedulable = "Unschedulable";

    /// <summary>Every shard of a replica is ready.</summary>
    public const string ReplicaReady = "ReplicaReady";

    /// <summary>The number of data-parallel ranks of a replica changed.</summary>
    public const string ReplicaResized = "ReplicaResized";

    /// <summary>A replica failed by itself and is placed again after a back-off.</summary>
    public const string ReplicaFailed = "ReplicaFailed";

    /// <summary>A replica lost the nodes it needs and is placed again.</summary>
    public const string ReplicaLost = "ReplicaLost";

    /// <summary>A replica was recovered from the reports of its shards.</summary>
    public const string ReplicaRecovered = "ReplicaRecovered";

    /// <summary>A replica was stopped because another one took its place.</summary>
    public const string Replaced = "Replaced";

    /// <summary>A data-parallel rank was given nodes and devices.</summary>
    public const string RankPlaced = "RankPlaced";

    /// <summary>A data-parallel rank was removed from its replica.</summary>
    public const string RankRemoved = "RankRemoved";

    /// <summary>A data-parallel rank was lost.</summary>
    public const string RankLost = "RankLost";

    /// <summary>A step of a rank has been waiting for long, and what for.</summary>
    public const string RankStalled = "RankStalled";

    /// <summary>A shard failed.</summary>
    public const string ShardFailed = "ShardFailed";

    /// <summary>A shard could not be loaded.</summary>
    public const string LoadFailed = "LoadFailed";

    /// <summary>The engine of a rank stopped.</summary>
    public const string EngineFailed = "EngineFailed";

    /// <summary>The shard that drives a rank is gone.</summary>
    public const string DriverLost = "DriverLost";

    /// <summary>A node no longer reports a shard that it held.</summary>
    public const string ShardLost = "ShardLost";

    /// <summary>A shard does not answer a directive, which is sent again.</summary>
    public const string ShardUnreachable = "ShardUnreachable";

    /// <summary>A rank cannot reach an expert shard.</summary>
    public const string ExpertUnreachable = "ExpertUnreachable";

    /// <summary>An expert shard was replaced by a copy on another node.</summary>
    public const string ExpertShardReplaced = "ExpertShardReplaced";

    /// <summary>A join token was revoked.</summary>
    public const string TokenRevoked = "TokenRevoked";

    /// <summary>A join token was created.</summary>
    public const string TokenCreated = "TokenCreated";

    /// <summary>A newer operation replaced this one.</summary>
    public const string Superseded = "Superseded";

    /// <summary>An admin cancelled an operation.</summary>
    public const string Cancelled = "Cancelled";

    /// <summary>A drain is past its deadline, and no other node has room.</summary>
    public const string InsufficientCapacity = "InsufficientCapacity";

    /// <summary>The store accepts changes again.</summary>
    public const string StoreHealthy = "StoreHealthy";

    /// <summary>The store refused a change or did not answer.</summary>
    public const string StoreUnavailable = "StoreUnavailable";

    /// <summary>An operation was opened, such as <c>DrainStarted</c>.</summary>
    public static string Started(OperationKind kind) => $"{kind}Started";

    /// <summary>An operation came to a state, such as <c>DrainSucceeded</c> or <c>RolloutBlocked</c>.</summary>
    public static string Of(OperationKind kind, OperationState state) => $"{kind}{state}";
}
