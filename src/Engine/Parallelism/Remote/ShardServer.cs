using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Grid.Engine.Collectives;
using Grid.Engine.Execution;
using Grid.Engine.Geometry;
using Grid.Engine.Kernels;
using Grid.Engine.KVCache;
using Grid.Engine.Layers;
using Grid.Engine.Parallelism.Experts;
using Grid.Engine.Parallelism.Experts.Remote;
using Grid.Engine.Parallelism.Links;
using Grid.Engine.Steps;

namespace Grid.Engine.Parallelism.Remote;

/// <summary>
/// A shard's side in its own process: takes its assignment, connects to its peers, and computes what the driver sends until that is gone.
/// </summary>
/// <param name="control">The link to the driver.</param>
/// <param name="transport">Connects to the peers.</param>
/// <param name="epoch">The epoch of the plan.</param>
/// <param name="connect">Connects the shard to its experts.</param>
/// <param name="load">Reads the shard's weights.</param>
/// <param name="loaded">Called when the weights are loaded; null: not of interest.</param>
/// <param name="time">The clock that waits follow.</param>
internal sealed class ShardServer(
    FrameLink control,
    IPeerTransport transport,
    long epoch,
    Func<ShardAssignment, RemoteExperts, RemoteExpertGroup> connect,
    Func<ShardAssignment, ShardPlacement, TorchModelRunner> load,
    Action? loaded,
    TimeProvider time)
{
    private readonly StepBatch _batch = new();
    private long[] _counts = [];
    private FrameLink?[] _peers = [];

    /// <summary>Serves on the calling thread, which loads and uses the model.</summary>
    public void Run()
    {
        var header = control.Receive();
        if (header.Kind != FrameKind.Assign) throw new InvalidDataException($"The first frame must be an assignment; got {header.Kind}.");
        var assignment = JsonSerializer.Deserialize<ShardAssignment>(control.ReadBody(header))!;
        RemoteExpertGroup? experts = null;
        ShardPlacement placement;
        TorchModelRunner runner;
        try
        {
            if (assignment.Experts is { } endpoints) experts = connect(assignment, RemoteExpertsAt(endpoints));
            placement = Join(assignment) with { Experts = experts?.Connect(rank: -1) };
            runner = load(assignment, placement);
        }
        catch (Exception exception)
        {
            experts?.Dispose();
            Fail(exception);
            return;
        }

        using var logits = new NativeBuffer<float>();
        using (experts)
        using (placement.TensorGroup)
        using (placement.PipelineGroup)
        using (runner)
        using (var commands = new DriverCommands(control, experts, LeavePeers))
        using (new SlowWaitReporter(placement.Times.Wait, assignment.Options.LongWait, control, time))
        {
            _counts = new long[1 + CollectiveTimes.Count + (placement.Experts?.Usage.Length ?? 0)];
            control.Send(FrameKind.Loaded, JsonSerializer.SerializeToUtf8Bytes(runner.Info));
            loaded?.Invoke();
            while (commands.TryTake(out var command))
                using (command) Serve(command, runner, placement, logits);
        }
    }

    private RemoteExperts RemoteExpertsAt(ExpertEndpoints endpoints) => new(
        epoch,
        endpoints.Nodes,
        endpoints.Endpoints,
        endpoint => transport.Connect(endpoint, Timeout.InfiniteTimeSpan),
        Report,
        (shard, endpoint) => Report(shard, endpoint, null));

    private void Report(int shard, string endpoint, string? reason) => control.Send(
        FrameKind.ExpertLost, JsonSerializer.SerializeToUtf8Bytes(new ExpertLinkChange(shard, endpoint, reason)));

    private ShardPlacement Join(ShardAssignment assignment)
    {
        int tensor = assignment.Options.TensorParallelSize, stages = assignment.Options.PipelineParallelSize;
        var me = assignment.Stage * tensor + assignment.Tensor;
        int[] tensorPeers = [.. Enumerable.Range(0, tensor).Select(tp => assignment.Stage * tensor + tp)];
        int[] pipelinePeers = [.. Enumerable.Range(0, stages).Select(pp => pp * tensor + assignment.Tensor)];
        var links = _peers = new FrameLink?[tensor * stages];
        var timeout = assignment.Options.GroupTimeout;
        var peers = tensorPeers.Union(pipelinePeers).Where(peer => peer != me).ToList();

        // The higher one connects, so that every pair has one link.
        foreach (var peer in peers.Where(peer => peer < me))
        {
            var link = links[peer] = new FrameLink(transport.Connect(assignment.Endpoints[peer], timeout), epoch, assignment.Names[peer]);
            link.Send(FrameKind.Hello, MemoryMarshal.AsBytes<int>([me]));
        }

        foreach (var _ in peers.Where(peer => peer > me))
        {
            var link = new FrameLink(transport.Accept(timeout), epoch, "a peer");
            links[MemoryMarshal.Read<int>(link.ReadBody(link.Receive()))] = link;
        }

        var first = assignment.LayerBounds[assignment.Stage];
        var stage = new PipelineStage(assignment.Stage, stages, new Slice(first, assignment.LayerBounds[assignment.Stage + 1] - first));
        return new ShardPlacement(new TensorSlice(assignment.Tensor, tensor), stage, Group(tensorPeers), Group(pipelinePeers));

        ICommunicator Group(int[] members) => members.Length == 1
            ? SoloCommunicator.Instance
            : new StreamCommunicator(
                Array.IndexOf(members, me),
                [.. members.Select(member => assignment.Names[member])],
                [.. members.Select(member => links[member])],
                timeout,
                time);
    }

    // A step that waits for a peer that never answers ends now, and not at the deadline of its collective.
    private void LeavePeers()
    {
        foreach (var peer in _peers) peer?.Abort();
    }

    private void Serve(DriverCommand command, TorchModelRunner runner, ShardPlacement placement, NativeBuffer<float> logits)
    {
        try
        {
            switch (command.Kind)
            {
                case FrameKind.Reserve:
                    runner.KVCache.Reserve(MemoryMarshal.Read<int>(command.Body));
                    control.Send(FrameKind.KVCacheDone, []);
                    break;
                case FrameKind.ExportKVBlocks:
                    Export(MemoryMarshal.Cast<byte, int>(command.Body), runner.KVCache);
                    break;
                case FrameKind.ImportKVBlocks:
                    Import(command.Body, runner.KVCache);
                    break;
                case FrameKind.Step:
                    Compute(command.Body, runner, placement, logits);
                    break;
                default:
                    throw new InvalidDataException($"The frame must be a command; got {command.Kind}.");
            }
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    private void Export(ReadOnlySpan<int> body, IKVCacheStorage cache)
    {
        var blocks = body[1..];
        var contents = new byte[blocks.Length * cache.Layout.BlockBytes];
        cache.Export(blocks, tokens: body[0], contents);
        control.Send(FrameKind.KVCacheDone, contents);
    }

    private void Import(ReadOnlySpan<byte> body, IKVCacheStorage cache)
    {
        var blocks = body.Slice(sizeof(int), MemoryMarshal.Read<int>(body) * sizeof(int));
        cache.Import(MemoryMarshal.Cast<byte, int>(blocks), body[(sizeof(int) + blocks.Length)..]);
        control.Send(FrameKind.KVCacheDone, []);
    }

    private unsafe void Compute(ReadOnlySpan<byte> step, TorchModelRunner runner, ShardPlacement placement, NativeBuffer<float> logits)
    {
        var start = Stopwatch.GetTimestamp();
        _batch.ReadFrom(step);
        var computed = runner.Compute(_batch, logits);
        _counts[0] = Stopwatch.GetTimestamp() - start;
        placement.Times.CopyTo(_counts.AsSpan(1));
        placement.Experts?.Usage.Drain(_counts.AsSpan(1 + CollectiveTimes.Count));
        var bytes = placement.HasLogits ? checked(computed.Count * runner.Info.VocabSize * sizeof(float)) : 0;
        var rows = new ReadOnlySpan<byte>(logits.Pointer, bytes);
        control.Send(FrameKind.Done, MemoryMarshal.AsBytes<long>(_counts), rows);
    }

    private void Fail(Exception exception)
    {
        try
        {
            control.Send(FrameKind.Failed, Encoding.UTF8.GetBytes(exception.Message));
        }
        catch (IOException)
        {
            // The driver is gone.
        }
    }
}
