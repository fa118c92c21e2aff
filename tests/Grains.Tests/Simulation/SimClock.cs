namespace Grid.Grains.Tests.Simulation;

/// <summary>Simulated time: what is due next runs next.</summary>
internal sealed class SimClock
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly PriorityQueue<Action, (long Milliseconds, long Order)> _queue = new();
    private long _order;

    public long Milliseconds { get; private set; }

    public long Steps { get; private set; }

    public DateTimeOffset Now => Start.AddMilliseconds(Milliseconds);

    public void After(long milliseconds, Action action) => _queue.Enqueue(action, (Milliseconds + milliseconds, _order++));

    /// <summary>Runs an action again and again until it says false.</summary>
    public void Every(long milliseconds, long first, Func<bool> action) => After(first, () =>
    {
        if (action()) Every(milliseconds, milliseconds, action);
    });

    public void RunUntil(long milliseconds)
    {
        while (_queue.TryPeek(out var action, out var due) && due.Milliseconds <= milliseconds)
        {
            _queue.Dequeue();
            Milliseconds = due.Milliseconds;
            Steps++;
            action();
        }

        Milliseconds = milliseconds;
    }
}
