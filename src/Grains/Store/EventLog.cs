using Grid.Abstractions.Admin;
using Grid.Abstractions.Events;

namespace Grid.Grains.Store;

/// <summary>The latest events; equal ones in a row are counted.</summary>
/// <param name="lastId">Ids rise from there.</param>
/// <param name="capacity">The number of events that are kept.</param>
internal sealed class EventLog(Func<DateTimeOffset> now, long lastId, int capacity = 1000)
{
    private readonly Queue<GridEventView> _events = new();
    private GridEventView? _last;

    /// <summary>Id of the newest event.</summary>
    public long LastId { get; private set; } = lastId;

    /// <summary>Records an event by the grid itself.</summary>
    public void Normal(string reason, string @object, string message) =>
        Add(EventTypes.Normal, reason, @object, message, EventSubjects.Grid);

    /// <summary>Records what an operator should look at.</summary>
    public void Warn(string reason, string @object, string message) =>
        Add(EventTypes.Warning, reason, @object, message, EventSubjects.Grid);

    /// <summary>Records an event.</summary>
    public void Add(string type, string reason, string @object, string message, string actor)
    {
        if (_last is { } last && (last.Type, last.Reason, last.Object, last.Message, last.Actor) == (type, reason, @object, message, actor))
        {
            _last = last with { Time = now(), Count = last.Count + 1 };
            return;
        }

        if (_last is not null) _events.Enqueue(_last);
        if (_events.Count >= capacity) _events.Dequeue();
        _last = new GridEventView(++LastId, now(), type, reason, @object, message, 1, actor);
    }

    /// <summary>Events after an id, oldest first.</summary>
    public GridEventView[] Since(long id, int limit) =>
        [.. (_last is null ? _events : _events.Append(_last)).Where(e => e.Id > id).Take(limit)];
}
