using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Grid.Engine.Collectives;
using Grid.Engine.Configuration;
using Grid.Engine.Execution;
using Grid.Engine.Parallelism.Experts;
using Grid.Engine.Parallelism.Links;
using Grid.Engine.Parallelism.Shards;
using Grid.Engine.Sampling;

namespace Grid.Engine.Parallelism.Remote;

/// <summary>The driver's side of a shard in another process.</summary>
internal sealed class RemoteShardWorker : IShardWorker
{
    private readonly ConcurrentQueue<(StepInFlight Step, int Shard)> _steps = new();
    private readonly ConcurrentQueue<TaskCompletionSource<byte[]>> _commands = new();
    private readonly TaskCompletionSource<ModelRunnerInfo> _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _name;
    private readonly FrameLink _link;
    private readonly bool _hasLogits;
    private readonly ExpertClient? _experts;
    private readonly Action<Exception> _failed;
    private readonly Action? _stopped;
    private readonly Thread _reader;
    private readonly object _gate = new();
    private byte[] _outgoing = [];
    private bool _ended;
    private bool _stopping;
    private volatile string? _waits;
    private long _busyTicks;

    /// <summary>Sends the shard its assignment.</summary>
    /// <param name="name">The name of the shard, for errors.</param>
    /// <param name="link">The link to its process, which the worker owns from now on.</param>
    /// <param name="assignment">What it is to load.</param>
    /// <param name="experts">The rank's access to expert shards; null: there are none.</param>
    /// <param name="failed">Called with each failure.</param>
    /// <param name="stopped">Called at the end of <see cref="Stop"/>, to wait for the process.</param>
    public RemoteShardWorker(
        string name,
        FrameLink link,
        ShardAssignment assignment,
        ExpertClient? experts,
        Action<Exception> failed,
        Action? stopped = null)
    {
        (_name, _link, _hasLogits, _failed, _stopped) = (name, link, assignment.HasLogits, failed, stopped);
        _experts = experts?.Group.Registry is null ? null : experts;
        var registry = _experts?.Group.Registry;
        link.Send(FrameKind.Assign, JsonSerializer.SerializeToUtf8Bytes(assignment with { Experts = registry?.Endpoints }));
        // Changes from here on are sent behind the assignment.
        registry?.Subscribe(SendEndpoints);
        _reader = new Thread(Read) { Name = $"shard {name}", IsBackground = true };
        _reader.Start();
    }

    public ModelRunnerInfo Info => _loaded.Task.GetAwaiter().GetResult();

    public long BusyTicks => Volatile.Read(ref _busyTicks);

    public CollectiveTimes Times { get; } = new();

    public string? Waits => _waits;

    public Task ReserveKVCache(int numBlocks) => Command(FrameKind.Reserve, MemoryMarshal.AsBytes<int>([numBlocks]), []);

    public Task<byte[]> ExportKVBlocks(int[] blocks, int tokens) =>
        Command(FrameKind.ExportKVBlocks, MemoryMarshal.AsBytes<int>([tokens, .. blocks]), []);

    public Task ImportKVBlocks(int[] blocks, byte[] contents) =>
        Command(FrameKind.ImportKVBlocks, MemoryMarshal.AsBytes<int>([blocks.Length, .. blocks]), contents);

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
        _experts?.Group.Registry?.Unsubscribe(SendEndpoints);
        _link.Dispose();
        _reader.Join();
        _stopped?.Invoke();
    }

    private Task<byte[]> Command(FrameKind kind, ReadOnlySpan<byte> body, ReadOnlySpan<byte> rest)
    {
        var done = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        _commands.Enqueue(done);
        _link.Send(kind, body, rest);
        return done.Task;
    }

    private void SendEndpoints(ExpertEndpoints endpoints)
    {
        try
        {
            _link.Send(FrameKind.Experts, JsonSerializer.SerializeToUtf8Bytes(endpoints));
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

        // A shard that was asked to stop has not failed.
        var gone = new IOException(
            _stopping ? $"The rank is being unloaded: shard {_name} was asked to stop." : $"Shard {_name} is gone: {cause.Message}", cause);
        _failed(gone);
        _loaded.TrySetException(
            new ModelLoadException($"Shard {_name} could not be loaded: its process ended.", ModelLoadFault.Broken, gone));
        lock (_gate) _ended = true;
        while (_commands.TryDequeue(out var command)) command.TrySetException(gone);
        while (_steps.TryDequeue(out var work)) work.Step.Complete(work.Shard);
    }

    private void Take(FrameHeader header)
    {
        switch (header.Kind)
        {
            case FrameKind.Loaded:
                _loaded.SetResult(JsonSerializer.Deserialize<ModelRunnerInfo>(_link.ReadBody(header))!);
                break;
            case FrameKind.KVCacheDone:
                if (_commands.TryDequeue(out var command)) command.SetResult(_link.ReadBody(header));
                break;
            case FrameKind.Done:
                TakeStep(header);
                break;
            case FrameKind.ExpertLost:
                _experts?.Group.Registry?.Report(JsonSerializer.Deserialize<ExpertLinkChange>(_link.ReadBody(header))!);
                break;
            case FrameKind.Waits:
                _waits = Encoding.UTF8.GetString(_link.ReadBody(header));
                break;
            case FrameKind.Stopping:
                _stopping = true;
                break;
            case FrameKind.Failed:
                Fail(Encoding.UTF8.GetString(_link.ReadBody(header)));
                break;
            default:
                throw new InvalidDataException($"A shard must not send a {header.Kind} frame.");
        }
    }

    private unsafe void TakeStep(FrameHeader header)
    {
        var counts = new long[1 + CollectiveTimes.Count + (_experts?.Usage.Length ?? 0)];
        _link.ReadBody(MemoryMarshal.AsBytes(counts.AsSpan()));
        Volatile.Write(ref _busyTicks, _busyTicks + counts[0]);
        Times.Set(counts.AsSpan(1, CollectiveTimes.Count));
        _experts?.Usage.Add(counts.AsSpan(1 + CollectiveTimes.Count));
        if (!_steps.TryDequeue(out var work)) throw new InvalidDataException("A shard must not answer a step that it was not sent.");
        var (step, shard) = work;
        var bytes = header.Length - counts.Length * sizeof(long);
        if (_hasLogits)
        {
            var vocab = Info.VocabSize;
            step.Logits.EnsureCapacity(bytes / sizeof(float));
            _link.ReadBody(new Span<byte>(step.Logits.Pointer, bytes));
            step.Rows = new LogitRows(step.Logits.Pointer, bytes / sizeof(float) / vocab, vocab);
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
        if (_commands.TryDequeue(out var command)) command.SetException(failure);
        else
        {
            _failed(failure);
            if (_steps.TryDequeue(out var work)) work.Step.Complete(work.Shard);
        }
    }
}
