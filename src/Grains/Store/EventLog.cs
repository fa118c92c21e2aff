using Grid.Abstractions.Admin;

namespace Grid.Grains.Store;

/// <summary>The latest events; equal ones in a row are counted.</summary>
/// <param name="lastId">Ids rise from there.</param>
/// <param name="capacity">Older ones are dropped.</param>
internal sealed class EventLog(long lastId, int capacity = 1000)
{
    private readonly Queue<GridEventView> _events = new();
    private GridEventView? _last;

    /// <summary>Id of the newest event.</summary>
    public long LastId { get; private set; } = lastId;

    /// <summary>Records an event by the grid itself.</summary>
    public void Normal(DateTimeOffset now, string reason, string @object, string message) => Add(now, "Normal", reason, @object, message, "grid");

    /// <summary>Records what an operator should look at.</summary>
    public void Warn(DateTimeOffset now, string reason, string @object, string message) => Add(now, "Warning", reason, @object, message, "grid");

    /// <summary>Records an event.</summary>
    public void Add(DateTimeOffset now, string type, string reason, string @object, string message, string actor)
    {
        if (_last is { } last && last.Type == type && last.Reason == reason && last.Object == @object && last.Message == message && last.Actor == actor)
        {
            _last = last with { Time = now, Count = last.Count + 1 };
            return;
        }

        if (_last is not null) _events.Enqueue(_last);
        if (_events.Count >= capacity) _events.Dequeue();
        _last = new GridEventView(++LastId, now, type, reason, @object, message, 1, actor);
    }

    /// <summary>Events after an id, oldest first.</summary>
    public GridEventView[] Since(long id, int limit) =>
        [.. (_last is null ? _events : _events.Append(_last)).Where(e => e.Id > id).Take(limit)];
}
