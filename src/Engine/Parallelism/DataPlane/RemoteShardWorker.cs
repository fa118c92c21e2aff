using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Grid.Engine.Execution;
using Grid.Engine.Parallelism.Collectives;
using Grid.Engine.Parallelism.Experts;
using Grid.Engine.Parallelism.Experts.Links;

namespace Grid.Engine.Parallelism.DataPlane;

/// <summary>The driver's side of a shard in another process.</summary>
internal sealed class RemoteShardWorker : IShardWorker
{
    private readonly ConcurrentQueue<(StepInFlight Step, int Shard)> _steps = new();
    private readonly ConcurrentQueue<TaskCompletionSource> _reservations = new();
    private readonly TaskCompletionSource<ModelRunnerInfo> _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _name;
    private readonly FrameLink _link;
    private readonly bool _hasLogits;
    private readonly ExpertClient? _experts;
    private readonly Action<Exception> _failed;
    private readonly Thread _reader;
    private readonly object _gate = new();
    private byte[] _outgoing = [];
    private bool _ended;
    private bool _going;
    private volatile string? _waits;
    private long _busyTicks;

    /// <param name="name">Of the shard.</param>
    /// <param name="link">To its process; passes over.</param>
    /// <param name="order">What it is to load.</param>
    /// <param name="experts">The rank's way to experts elsewhere; null: there are none.</param>
    /// <param name="failed">Told of failures.</param>
    public RemoteShardWorker(string name, FrameLink link, ShardOrder order, ExpertClient? experts, Action<Exception> failed)
    {
        (_name, _link, _hasLogits, _failed) = (name, link, order.HasLogits, failed);
        _experts = experts?.Group.Links is null ? null : experts;
        var links = _experts?.Group.Links;
        link.Send(FrameKind.Order, JsonSerializer.SerializeToUtf8Bytes(order with { Experts = links?.Places }));
        // Whatever changes from here on comes behind the order.
        links?.Follow(Tell);
        _reader = new Thread(Read) { Name = $"shard {name}", IsBackground = true };
        _reader.Start();
    }

    public ModelRunnerInfo Info => _loaded.Task.GetAwaiter().GetResult();

    public long BusyTicks => Volatile.Read(ref _busyTicks);

    public CollectiveTimes Times { get; } = new();

    public string? Waits => _waits;

    public Task InitializeKVCache(int numBlocks)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _reservations.Enqueue(done);
        _link.Send(FrameKind.Reserve, MemoryMarshal.AsBytes<int>([numBlocks]));
        return done.Task;
    }

    public void Post(StepInFlight step, int shard)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _steps.Enqueue((step, shard));
                var size = step.Batch.SizeInBytes;
                if (_outgoing.Length < size) _outgoing = new byte[size * 2];
                step.Batch.WriteTo(_outgoing);
                try
                {
                    _link.Send(FrameKind.Step, _outgoing.AsSpan(0, size));
                }
                catch (IOException)
                {
                    // The reader finds out, and completes the step.
                }

                return;
            }
        }

        step.Complete(shard);
    }

    public void Stop()
    {
        _experts?.Group.Links?.Unfollow(Tell);
        _link.Dispose();
        _reader.Join();
    }

    private void Tell(ExpertPlaces places)
    {
        try
        {
            _link.Send(FrameKind.Experts, JsonSerializer.SerializeToUtf8Bytes(places));
        }
        catch (IOException)
        {
            // The reader finds out.
        }
    }

    private void Read()
    {
        Exception? cause = null;
        try
        {
            while (true) Take(_link.Receive());
        }
        catch (Exception exception)
        {
            cause = exception;
        }

        // One that was told to go is not what the rank fails with.
        var gone = new IOException(_going ? $"The rank is being unloaded: shard {_name} was told to go." : $"Shard {_name} is gone: {cause.Message}", cause);
        _failed(gone);
        _loaded.TrySetException(new ModelLoadException($"Shard {_name} could not be loaded: its process ended.", ModelLoadFault.Broken, gone));
        lock (_gate) _ended = true;
        while (_reservations.TryDequeue(out var reservation)) reservation.TrySetException(gone);
        while (_steps.TryDequeue(out var work)) work.Step.Complete(work.Shard);
    }

    private void Take(FrameHeader header)
    {
        switch (header.Kind)
        {
            case FrameKind.Loaded:
                _loaded.SetResult(JsonSerializer.Deserialize<ModelRunnerInfo>(_link.ReadBody(header))!);
                break;
            case FrameKind.Reserved:
                if (_reservations.TryDequeue(out var reservation)) reservation.SetResult();
                break;
            case FrameKind.Done:
                TakeStep(header);
                break;
            case FrameKind.ExpertLost:
                _experts?.Group.Links?.Report(JsonSerializer.Deserialize<ExpertLoss>(_link.ReadBody(header))!);
                break;
            case FrameKind.Waits:
                _waits = Encoding.UTF8.GetString(_link.ReadBody(header));
                break;
            case FrameKind.Going:
                _going = true;
                break;
            case FrameKind.Failed:
                Fail(Encoding.UTF8.GetString(_link.ReadBody(header)));
                break;
            default:
                throw new InvalidDataException($"A {header.Kind} frame came from a shard.");
        }
    }

    private unsafe void TakeStep(FrameHeader header)
    {
        var counts = new long[1 + CollectiveTimes.Count + (_experts?.Use.Length ?? 0)];
        _link.ReadBody(MemoryMarshal.AsBytes(counts.AsSpan()));
        Volatile.Write(ref _busyTicks, _busyTicks + counts[0]);
        Times.Set(counts.AsSpan(1, CollectiveTimes.Count));
        _experts?.Use.Add(counts.AsSpan(1 + CollectiveTimes.Count));
        if (!_steps.TryDequeue(out var work)) throw new InvalidDataException("A shard answered a step that it was not sent.");
        var (step, shard) = work;
        var bytes = header.Length - counts.Length * sizeof(long);
        if (_hasLogits)
        {
            var vocab = Info.VocabSize;
            step.Logits.EnsureCapacity(bytes / sizeof(float));
            _link.ReadBody(new Span<byte>(step.Logits.Pointer, bytes));
            step.Output = new ModelRunnerOutput(step.Logits.Pointer, bytes / sizeof(float) / vocab, vocab);
        }

        _waits = null;
        step.Complete(shard);
    }

    private void Fail(string message)
    {
        if (!_loaded.Task.IsCompleted)
        {
            _loaded.SetException(new ModelLoadException($"Shard {_name} could not be loaded: {message}"));
            return;
        }

        var failure = new InvalidOperationException(message);
        if (_reservations.TryDequeue(out var reservation)) reservation.SetException(failure);
        else
        {
            _failed(failure);
            if (_steps.TryDequeue(out var work)) work.Step.Complete(work.Shard);
        }
    }
}
