using Grid.Abstractions.Admin;
using Grid.Abstractions.Nodes;
using Grid.Grains.Records;
using Grid.Grains.Store;

namespace Grid.Grains.Control;

/// <summary>
/// Feeds events to the controller one at a time, and carries its decisions out in their order: the state is written before anything after
/// it acts. Used by one activation alone, on its own scheduler.
/// </summary>
/// <param name="write">Writes the state under the known ETag.</param>
/// <param name="act">Starts everything else that was decided, and waits for nothing.</param>
/// <param name="fail">Is called with exceptions that should not happen.</param>
internal sealed class EventLoop(Func<GridEvent, IReadOnlyList<GridDecision>> handle, Func<GridState, Task> write, Action<GridDecision> act,
    Action<Exception> fail)
{
    private readonly Queue<Item> _queue = [];
    private readonly Dictionary<string, Item> _reports = [];
    private bool _running;
    private bool _ended;

    /// <summary>Takes an event that nobody waits for. Of several waiting reports of one node, only the last is handled.</summary>
    public void Post(GridEvent @event)
    {
        if (_ended) return;
        if (@event is GridEvent.NodeReported { Report: var report })
        {
            if (_reports.TryGetValue(report.Name, out var waiting))
            {
                if (IsNewer(report, ((GridEvent.NodeReported)waiting.Event).Report)) waiting.Event = @event;
                return;
            }

            _reports.Add(report.Name, Enqueue(@event, null));
        }
        else
        {
            Enqueue(@event, null);
        }

        Start();
    }

    /// <summary>Takes an admin's event and waits for its answer.</summary>
    public async Task<AdminResult<T>> AskAsync<T>(GridEvent @event)
        where T : class
    {
        if (_ended) return AdminFaults.StoreUnavailable("another activation decides now");
        var answer = new TaskCompletionSource<GridDecision.Answer>();
        Enqueue(@event, answer);
        Start();
        return (await answer.Task).To<T>();
    }

    /// <summary>Stops handling events; waiting callers are asked to try again.</summary>
    public void End(string reason)
    {
        _ended = true;
        while (_queue.TryDequeue(out var item))
            item.Answer?.TrySetResult(new GridDecision.Answer(null, AdminFaults.StoreUnavailable(reason)));
        _reports.Clear();
    }

    private static bool IsNewer(NodeReport report, NodeReport other) =>
        report.Incarnation != other.Incarnation || report.Sequence > other.Sequence;

    private Item Enqueue(GridEvent @event, TaskCompletionSource<GridDecision.Answer>? answer)
    {
        var item = new Item(@event, answer);
        _queue.Enqueue(item);
        return item;
    }

    private void Start()
    {
        if (!_running) _ = RunAsync();
    }

    private async Task RunAsync()
    {
        _running = true;
        try
        {
            while (!_ended && _queue.TryDequeue(out var item))
            {
                if (item.Event is GridEvent.NodeReported { Report.Name: var name }) _reports.Remove(name);
                await HandleAsync(item);
            }
        }
        finally
        {
            _running = false;
        }
    }

    private async Task HandleAsync(Item item)
    {
        try
        {
            var answer = await CarryOutAsync(handle(item.Event), again: true);
            item.Answer?.TrySetResult(answer ?? throw new InvalidOperationException($"{item.Event.GetType().Name} was not answered."));
        }
        catch (Exception e)
        {
            fail(e);
            item.Answer?.TrySetException(e);
        }
    }

    private async Task<GridDecision.Answer?> CarryOutAsync(IReadOnlyList<GridDecision> decisions, bool again)
    {
        GridDecision.Answer? answer = null;
        foreach (var decision in decisions)
        {
            if (decision is GridDecision.Answer given) answer = given;
            else if (decision is not GridDecision.Persist persist) act(decision);
            else if (await WriteAsync(persist.State) is { } error) return await RefuseAsync(error, again);
        }

        return answer;
    }

    // Before any other event: what was not written did not happen.
    private async Task<GridDecision.Answer> RefuseAsync(string error, bool again)
    {
        if (!_ended)
        {
            var decisions = handle(new GridEvent.PersistFailed(error));
            if (again) await CarryOutAsync(decisions, again: false);
        }

        return new GridDecision.Answer(null, AdminFaults.StoreUnavailable(error));
    }

    /// <returns>Null if it was written.</returns>
    private async Task<string?> WriteAsync(GridState state)
    {
        try
        {
            await write(state);
            return null;
        }
        catch (Exception e)
        {
            fail(e);
            // What follows the first line names our sources and connections; the log has it.
            return e.Message.Split('\n')[0].TrimEnd();
        }
    }

    private sealed class Item(GridEvent @event, TaskCompletionSource<GridDecision.Answer>? answer)
    {
        public GridEvent Event { get; set; } = @event;

        public TaskCompletionSource<GridDecision.Answer>? Answer { get; } = answer;
    }
}
