using System.Collections.Concurrent;
using System.Diagnostics;
using Grid.Engine.Collectives;
using Grid.Engine.Execution;
using Grid.Engine.KVCache;
using Grid.Engine.Layers;

namespace Grid.Engine.Parallelism.Shards;

/// <summary>A shard on a thread of its own, which loads, uses and disposes it.</summary>
internal sealed class ShardWorker : IShardWorker
{
    private readonly BlockingCollection<Work> _work = [];
    private readonly TaskCompletionSource<ModelRunnerInfo> _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<TorchModelRunner> _load;
    private readonly ShardPlacement _placement;
    private readonly Action<Exception> _failed;
    private readonly Thread _thread;
    private volatile TorchModelRunner? _runner;
    private long _busyTicks;

    /// <summary>Begins to load the shard.</summary>
    /// <param name="name">The name of the thread.</param>
    /// <param name="placement">The part of the model, and links to the other shards.</param>
    /// <param name="load">Reads the weights of the model.</param>
    /// <param name="failed">Called when a step fails, so that the other shards do not wait.</param>
    public ShardWorker(string name, ShardPlacement placement, Func<TorchModelRunner> load, Action<Exception> failed)
    {
        (_placement, _load, _failed) = (placement, load, failed);
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    public ModelRunnerInfo Info => _loaded.Task.GetAwaiter().GetResult();

    public long BusyTicks => Volatile.Read(ref _busyTicks);

    public long Progress => _runner?.Progress ?? 0;

    public CollectiveTimes Times => _placement.Times;

    public string? Waits => _runner?.Waits;

    public Task ReserveKVCache(int numBlocks) => Run<byte[]>(cache =>
    {
        cache.Reserve(numBlocks);
        return [];
    });

    public Task<byte[]> ExportKVBlocks(int[] blocks, int tokens) => Run(cache =>
    {
        var contents = new byte[blocks.Length * cache.Layout.BlockBytes];
        cache.Export(blocks, tokens, contents);
        return contents;
    });

    public Task ImportKVBlocks(int[] blocks, byte[] contents) => Run<byte[]>(cache =>
    {
        cache.Import(blocks, contents);
        return [];
    });

    public void Post(StepInFlight step, int shard) => _work.Add(new Work(step, shard, null));

    public void Stop()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private void Run()
    {
        TorchModelRunner runner;
        try
        {
            runner = _load();
        }
        catch (Exception exception)
        {
            _loaded.SetException(exception);
            return;
        }

        _runner = runner;
        _loaded.SetResult(runner.Info);
        using (_placement.TensorGroup)
        using (_placement.PipelineGroup)
        using (runner)
            foreach (var work in _work.GetConsumingEnumerable())
                if (work.Step is { } step) Compute(runner, step, work.Shard);
                else work.Command!(runner.KVCache);
    }

    private void Compute(TorchModelRunner runner, StepInFlight step, int shard)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            var rows = runner.Compute(step.Batch, step.Logits);
            if (_placement.HasLogits) step.Rows = rows;
        }
        catch (Exception exception)
        {
            _failed(exception);
        }
        finally
        {
            Volatile.Write(ref _busyTicks, _busyTicks + Stopwatch.GetTimestamp() - start);
            step.Complete(shard);
        }
    }

    private Task<T> Run<T>(Func<IKVCacheStorage, T> command)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(new Work(null, 0, cache =>
        {
            try
            {
                done.SetResult(command(cache));
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        }));
        return done.Task;
    }

    private readonly record struct Work(StepInFlight? Step, int Shard, Action<IKVCacheStorage>? Command);
}
