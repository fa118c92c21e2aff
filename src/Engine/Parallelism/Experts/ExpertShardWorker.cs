using Grid.Engine.Layers;
using Grid.Primitives.Ids;
using Grid.Primitives.Timing;
using static TorchSharp.torch;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>
/// An expert shard on a thread of this process. It computes the oldest call first, together with all others of the same layer.
/// </summary>
internal sealed class ExpertShardWorker : IExpertShard, IDisposable
{
    private readonly LinkedList<ExpertCall> _calls = new();
    private readonly Queue<Action> _commands = new();
    private readonly Signal _signal = new();
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ExpertSet _experts;
    private readonly ExpertLoad _load;
    private readonly Thread _thread;
    private volatile ExpertPlacement _placement;
    private bool _stopping;

    /// <summary>Starts the shard, which loads its experts on its own thread.</summary>
    /// <param name="number">The number of the shard.</param>
    /// <param name="placement">Assigns experts to it.</param>
    /// <param name="load">Counts the rows of calls.</param>
    /// <param name="read">Reads an expert of a layer, on the shard's thread. The context is disposed when the expert is dropped.</param>
    public ExpertShardWorker(int number, ExpertPlacement placement, ExpertLoad load,
        Func<int, int, (LayerContext Context, GatedMlp Expert)> read)
    {
        (Number, _placement, _load, _experts) = (number, placement, load, new ExpertSet(number, read));
        _thread = new Thread(Run) { Name = $"experts {Name}", IsBackground = true };
        _thread.Start();
    }

    public int Number { get; }

    /// <summary>Completes when all experts are loaded.</summary>
    public Task Loaded => _loaded.Task;

    /// <summary>The placement that the shard announces to its clients.</summary>
    public ExpertPlacement Placement => _placement;

    /// <summary>Raised when the shard adopts a newer placement, on the shard's thread.</summary>
    public event Action<ExpertPlacement>? Placed;

    public bool IsAlive
    {
        get
        {
            lock (_signal) return !_stopping;
        }
    }

    private string Name => ExpertShardId.NameOf(Number);

    public void Submit(ExpertCall call)
    {
        lock (_signal)
        {
            if (!_stopping)
            {
                _load.Add(call);
                _calls.AddLast(call);
                _signal.Notify();
                return;
            }
        }

        call.Fail(Gone());
    }

    public Task<long[]> GetLoadAsync() => Task.FromResult(_load.Read());

    public Task PrepareAsync(ExpertPlacement placement) => Post(() => _experts.Load(placement));

    public Task PlaceAsync(ExpertPlacement placement) => Post(() =>
    {
        if (placement.Version <= _placement.Version) return;
        _experts.Load(placement);
        _placement = placement;
        Placed?.Invoke(placement);
    });

    public Task TrimAsync() => Post(() => _experts.Trim(_placement));

    public void Dispose()
    {
        lock (_signal) _stopping = true;
        _signal.Notify();
        _thread.Join();
    }

    private Task Post(Action command)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_signal)
        {
            if (_stopping) return Task.FromException(Gone());
            _commands.Enqueue(() =>
            {
                try
                {
                    if (!IsAlive) throw Gone();
                    command();
                    done.SetResult();
                }
                catch (Exception exception)
                {
                    done.SetException(exception);
                }
            });
            _signal.Notify();
        }

        return done.Task;
    }

    private void Run()
    {
        using var mode = inference_mode();
        try
        {
            _experts.Load(_placement);
            _loaded.SetResult();
            var batch = new List<ExpertCall>();
            while (Take(batch)) _experts.Answer(batch);
        }
        catch (Exception exception)
        {
            _loaded.TrySetException(exception);
        }
        finally
        {
            End();
        }
    }

    /// <summary>Waits for calls, and takes the oldest and all others of its layer. Returns false when the shard is stopping.</summary>
    private bool Take(List<ExpertCall> batch)
    {
        batch.Clear();
        while (true)
        {
            Action? command;
            lock (_signal)
            {
                _signal.WaitUntil(this, static shard => shard._calls.Count > 0 || shard._commands.Count > 0 || shard._stopping);
                if (_stopping) return false;
                if (!_commands.TryDequeue(out command))
                {
                    TakeLayer(batch);
                    return true;
                }
            }

            command();
        }
    }

    private void TakeLayer(List<ExpertCall> batch)
    {
        var layer = _calls.First!.Value.Layer;
        for (var node = _calls.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.Layer == layer)
            {
                batch.Add(node.Value);
                _calls.Remove(node);
            }

            node = next;
        }
    }

    private void End()
    {
        List<ExpertCall> left;
        lock (_signal)
        {
            _stopping = true;
            left = [.. _calls];
            _calls.Clear();
        }

        foreach (var call in left) call.Fail(Gone());
        while (_commands.TryDequeue(out var command)) command();
        _experts.Dispose();
    }

    private IOException Gone() => new($"{Name} has ended.");
}
