using Grid.Engine.Layers;
using Grid.Engine.Layers.Experts;
using static TorchSharp.torch;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>Experts on a thread of this process: oldest call first, together with what others ask of the same layer.</summary>
internal sealed class ExpertShardWorker : IExpertShard
{
    private readonly LinkedList<ExpertCall> _calls = new();
    private readonly Queue<Action> _commands = new();
    private readonly object _gate = new();
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<(int Layer, int Expert), (LayerContext Context, GatedMlp Expert)> _experts = [];
    private readonly Func<int, int, (LayerContext Context, GatedMlp Expert)> _load;
    private readonly Thread _thread;
    private bool _stopping;

    /// <param name="name">ep3.</param>
    /// <param name="experts">What to hold.</param>
    /// <param name="load">Reads an expert of a layer; called on the shard's thread. What it builds from is disposed with it.</param>
    public ExpertShardWorker(string name, IReadOnlyList<(int Layer, int Expert)> experts, Func<int, int, (LayerContext Context, GatedMlp Expert)> load)
    {
        (Name, _load) = (name, load);
        _thread = new Thread(() => Run(experts)) { Name = $"experts {name}", IsBackground = true };
        _thread.Start();
    }

    public string Name { get; }

    /// <summary>Completes when all experts are there.</summary>
    public Task Loaded => _loaded.Task;

    public bool IsAlive
    {
        get
        {
            lock (_gate) return !_stopping;
        }
    }

    public void Submit(ExpertCall call)
    {
        lock (_gate)
        {
            if (!_stopping)
            {
                _calls.AddLast(call);
                Monitor.Pulse(_gate);
                return;
            }
        }

        call.Fail(Gone());
    }

    public Task LoadAsync(int layer, int expert) => Post(() => _experts.TryAdd((layer, expert), _load(layer, expert)));

    public void Unload(int layer, int expert) => Post(() =>
    {
        if (_experts.Remove((layer, expert), out var held)) held.Context.Dispose();
    });

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

    private void Run(IReadOnlyList<(int Layer, int Expert)> experts)
    {
        using var mode = inference_mode();
        try
        {
            foreach (var (layer, expert) in experts) _experts[(layer, expert)] = _load(layer, expert);
            _loaded.SetResult();
            var batch = new List<ExpertCall>();
            while (Take(batch)) Answer(batch);
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

    private void Answer(List<ExpertCall> batch)
    {
        try
        {
            using var scope = NewDisposeScope();
            var outputs = batch.ConvertAll(call => empty_like(call.Input).DetachFromDisposeScope());
            foreach (var expert in batch.SelectMany(call => call.Runs.ToArray()).Select(run => run.Expert).Distinct().Order()) Compute(batch, outputs, expert);
            for (var i = 0; i < batch.Count; i++) batch[i].Complete(outputs[i]);
        }
        catch (Exception exception)
        {
            foreach (var call in batch) call.Fail(exception);
        }
    }

    private void Compute(List<ExpertCall> batch, List<Tensor> outputs, int expert)
    {
        if (!_experts.TryGetValue((batch[0].Layer, expert), out var held))
            throw new InvalidOperationException($"{Name} does not hold expert {expert} of layer {batch[0].Layer}.");
        var places = new List<(Tensor Input, Tensor Output)>();
        for (var i = 0; i < batch.Count; i++)
        {
            var first = 0;
            foreach (var run in batch[i].Runs)
            {
                if (run.Expert == expert) places.Add((batch[i].Input.narrow(0, first, run.Rows), outputs[i].narrow(0, first, run.Rows)));
                first += run.Rows;
            }
        }

        var input = places is [var only] ? only.Input : cat([.. places.Select(place => place.Input)], 0);
        var result = held.Expert.ForwardPart(input);
        var row = 0L;
        foreach (var (_, output) in places)
        {
            output.copy_(result.narrow(0, row, output.size(0)));
            row += output.size(0);
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
        foreach (var (context, _) in _experts.Values) context.Dispose();
        _experts.Clear();
    }

    private ObjectDisposedException Gone() => new(Name, $"{Name} has ended.");
}
