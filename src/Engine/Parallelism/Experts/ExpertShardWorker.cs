using Grid.Engine.Layers;
using Grid.Engine.Layers.Experts;
using static TorchSharp.torch;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>Experts on a thread of this process: oldest call first, together with what others ask of the same layer.</summary>
internal sealed class ExpertShardWorker : IExpertShard, IDisposable
{
    private readonly LinkedList<ExpertCall> _calls = new();
    private readonly Queue<Action> _commands = new();
    private readonly object _gate = new();
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ExpertSet _experts;
    private readonly ExpertLoad _load;
    private readonly Thread _thread;
    private volatile ExpertPlacement _placement;
    private bool _stopping;

    /// <param name="number">3 of ep3.</param>
    /// <param name="placement">What to hold.</param>
    /// <param name="load">Counts calls.</param>
    /// <param name="read">Reads an expert of a layer; called on the shard's thread. What it builds from is disposed with it.</param>
    public ExpertShardWorker(int number, ExpertPlacement placement, ExpertLoad load, Func<int, int, (LayerContext Context, GatedMlp Expert)> read)
    {
        (Number, _placement, _load, _experts) = (number, placement, load, new ExpertSet(number, read));
        _thread = new Thread(Run) { Name = $"experts {Name}", IsBackground = true };
        _thread.Start();
    }

    public int Number { get; }

    /// <summary>Completes when all experts are there.</summary>
    public Task Loaded => _loaded.Task;

    /// <summary>What those who ask are led to.</summary>
    public ExpertPlacement Placement => _placement;

    /// <summary>Told of a newer placement, on the shard's thread.</summary>
    public event Action<ExpertPlacement>? Placed;

    public bool IsAlive
    {
        get
        {
            lock (_gate) return !_stopping;
        }
    }

    private string Name => ExpertPlacement.NameOf(Number);

    public void Submit(ExpertCall call)
    {
        lock (_gate)
        {
            if (!_stopping)
            {
                _load.Add(call);
                _calls.AddLast(call);
                Monitor.Pulse(_gate);
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
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }

        _thread.Join();
    }

    private Task Post(Action command)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
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
            Monitor.Pulse(_gate);
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

    /// <summary>The oldest call, and all others of its layer that wait.</summary>
    private bool Take(List<ExpertCall> batch)
    {
        batch.Clear();
        while (true)
        {
            Action? command;
            lock (_gate)
            {
                while (_calls.Count == 0 && _commands.Count == 0 && !_stopping) Monitor.Wait(_gate);
                if (_stopping) return false;
                if (!_commands.TryDequeue(out command))
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

                    return true;
                }
            }

            command();
        }
    }

    private void End()
    {
        List<ExpertCall> left;
        lock (_gate)
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
