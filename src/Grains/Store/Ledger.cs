using System.Runtime.InteropServices;
using Grid.Grains.Records;

namespace Grid.Grains.Store;

/// <summary>The memory that is promised to shards, by node and device; a promise is made once for each placement of a shard.</summary>
internal class Ledger
{
    private readonly Dictionary<(string Node, ReplicaId Replica, long Epoch, ShardId Shard, int Generation), Reservation> _reservations =
        [];
    private readonly Dictionary<(string Node, DeviceId Device), long> _reserved = [];

    /// <summary>All promises.</summary>
    public IReadOnlyCollection<Reservation> All => _reservations.Values;

    /// <summary>Bytes promised on a device.</summary>
    public long Reserved(string node, DeviceId device) => _reserved.GetValueOrDefault((node, device));

    /// <summary>Makes a promise; making it again changes nothing.</summary>
    public void Reserve(Reservation reservation)
    {
        if (!_reservations.TryAdd(Key(reservation), reservation)) return;
        CollectionsMarshal.GetValueRefOrAddDefault(_reserved, (reservation.Node, reservation.Device), out _) += reservation.Bytes;
    }

    /// <summary>Takes a promise back; one that was never made is none.</summary>
    public virtual void Release(Reservation reservation)
    {
        if (!_reservations.Remove(Key(reservation), out var found)) return;
        var key = (found.Node, found.Device);
        if ((_reserved[key] -= found.Bytes) == 0) _reserved.Remove(key);
    }

    /// <summary>Forgets all promises.</summary>
    public void Clear()
    {
        _reservations.Clear();
        _reserved.Clear();
    }

    /// <summary>A copy of the ledger, to try something out.</summary>
    public Ledger Copy()
    {
        var copy = new Ledger();
        foreach (var reservation in _reservations.Values) copy.Reserve(reservation);
        return copy;
    }

    private static (string Node, ReplicaId Replica, long Epoch, ShardId Shard, int Generation) Key(Reservation reservation) =>
        (reservation.Node, reservation.Replica, reservation.Epoch, reservation.Shard, reservation.Generation);
}
