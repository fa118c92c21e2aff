namespace Grid.Grains.Records;

/// <summary>Memory of a device that is promised to one shard at one epoch.</summary>
/// <param name="Node">The node.</param>
/// <param name="Device">On the node.</param>
/// <param name="Replica">smollm2/r0.</param>
/// <param name="Epoch">Of its plan.</param>
/// <param name="Shard">The shard, such as dp0/pp0/tp0 or ep3.</param>
/// <param name="Bytes">Promised.</param>
/// <param name="Generation">Of the shard's place in the plan.</param>
internal readonly record struct Reservation(string Node, DeviceId Device, ReplicaId Replica, long Epoch, ShardId Shard, long Bytes,
    int Generation = 0);
