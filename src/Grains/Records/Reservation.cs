namespace Grid.Grains.Records;

/// <summary>Memory of a device that is promised to one shard at one epoch.</summary>
/// <param name="Device">The device of the node.</param>
/// <param name="Replica">The replica, such as smollm2/r0.</param>
/// <param name="Epoch">The epoch of the plan that the shard belongs to.</param>
/// <param name="Shard">The shard, such as dp0/pp0/tp0 or ep3.</param>
/// <param name="Bytes">The bytes that are promised.</param>
/// <param name="Generation">Of the shard's place in the plan.</param>
internal readonly record struct Reservation(string Node, DeviceId Device, ReplicaId Replica, long Epoch, ShardId Shard, long Bytes,
    int Generation = 0);
