using Grid.Abstractions.Replicas;

namespace Grid.Silo.Shards;

/// <summary>Room of one rank that is reserved for streams which other ranks are about to hand over.</summary>
internal sealed class HandOverRoom
{
    private readonly Dictionary<RankId, (int Streams, DateTimeOffset Until)> _reservations = [];

    /// <summary>Reserves room, as far as there is any; repeating it replaces what was reserved before.</summary>
    /// <param name="leaving">The rank that hands its streams over.</param>
    /// <param name="streams">The number of its streams; 0 gives the room back.</param>
    /// <param name="until">The time of the hand-over, after which the room is free again.</param>
    /// <param name="load">The load of the rank that takes them; null if the rank is not held.</param>
    /// <returns>The number of streams that there is room for.</returns>
    public int Reserve(RankId leaving, int streams, DateTimeOffset until, RankStatus? load, DateTimeOffset now)
    {
        _reservations.Remove(leaving);
        var room = load is { State: ShardState.Ready, Stuck: false } ? load.MaxNumSeqs - load.Running - load.Waiting - Reserved(now) : 0;
        var granted = until > now ? Math.Clamp(streams, 0, Math.Max(0, room)) : 0;
        if (granted > 0) _reservations.Add(leaving, (granted, until));
        return granted;
    }

    /// <summary>The number of streams that room is kept for.</summary>
    public int Reserved(DateTimeOffset now)
    {
        foreach (var (leaving, reservation) in _reservations)
            if (reservation.Until <= now) _reservations.Remove(leaving);
        return _reservations.Values.Sum(reservation => reservation.Streams);
    }
}
