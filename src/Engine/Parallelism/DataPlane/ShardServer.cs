using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Grid.Engine.Execution;
using Grid.Engine.Kernels;
using Grid.Engine.Layers;
using Grid.Engine.Parallelism.Collectives;
using Grid.Engine.Parallelism.Experts;
using Grid.Engine.Parallelism.Experts.Links;

namespace Grid.Engine.Parallelism.DataPlane;

/// <summary>A shard's side in its own process: takes its order, joins its peers, and computes what the driver sends until it is gone.</summary>
/// <param name="control">To the driver.</param>
/// <param name="transport">To the peers.</param>
/// <param name="epoch">Of the plan.</param>
/// <param name="connect">Links the shard to its experts.</param>
/// <param name="load">Reads the shard's weights.</param>
/// <param name="loaded">Told when they are there.</param>
internal sealed class ShardServer(
    FrameLink control,
    IPeerTransport transport,
    long epoch,
    Func<ShardOrder, RemoteExperts, ExpertLinks> connect,
    Func<ShardOrder, ShardPlacement, TorchModelRunner> load,
    Action? loaded)
{
    private readonly StepBatch _batch = new();
    private long[] _counts = [];
    private FrameLink?[] _peers = [];

    /// <summary>Serves on the calling thread, which loads and uses the model.</summary>
    public void Run()
    {
        var header = control.Receive();
        if (header.Kind != FrameKind.Order) throw new InvalidDataException($"A {header.Kind} frame came, and the order was due.");
        var order = JsonSerializer.Deserialize<ShardOrder>(control.ReadBody(header))!;
        ExpertLinks? experts = null;
        ShardPlacement placement;
        TorchModelRunner runner;
        try
        {
            if (order.Experts is { } places) experts = connect(order, new RemoteExperts(epoch, places.Nodes, places.Endpoints, Dial, Report, (shard, endpoint) => Report(shard, endpoint, null)));
            placement = Join(order) with { Experts = experts?.Connect(rank: -1) };
            runner = load(order, placement);
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
        using (new WaitTeller(placement.Times.Wait, order.Options.LongWait, control))
        {
            _counts = new long[1 + CollectiveTimes.Count + (placement.Experts?.Use.Length ?? 0)];
            control.Send(FrameKind.Loaded, JsonSerializer.SerializeToUtf8Bytes(runner.Info));
            loaded?.Invoke();
            while (commands.TryTake(out var command))
                using (command) Serve(command, runner, placement, logits);
        }
    }

    private Stream Dial(string endpoint) => transport.Connect(endpoint, Timeout.InfiniteTimeSpan);

    private void Report(int shard, string endpoint, string? reason) => control.Send(FrameKind.ExpertLost, JsonSerializer.SerializeToUtf8Bytes(new ExpertLoss(shard, endpoint, reason)));

    private ShardPlacement Join(ShardOrder order)
    {
        int tensor = order.Options.TensorParallelSize, stages = order.Options.PipelineParallelSize, me = order.Stage * tensor + order.Tensor;
        int[] tensorPeers = [.. Enumerable.Range(0, tensor).Select(tp => order.Stage * tensor + tp)];
        int[] pipelinePeers = [.. Enumerable.Range(0, stages).Select(pp => pp * tensor + order.Tensor)];
        var links = _peers = new FrameLink?[tensor * stages];
        var peers = tensorPeers.Union(pipelinePeers).Where(peer => peer != me).ToList();

        // The higher one dials, so that every pair has one link.
        foreach (var peer in peers.Where(peer => peer < me))
        {
            links[peer] = new FrameLink(transport.Connect(order.Endpoints[peer], order.Options.GroupTimeout), epoch, order.Names[peer]);
            links[peer]!.Send(FrameKind.Hello, MemoryMarshal.AsBytes<int>([me]));
        }

        foreach (var _ in peers.Where(peer => peer > me))
        {
            var link = new FrameLink(transport.Accept(order.Options.GroupTimeout), epoch, "a peer");
            links[MemoryMarshal.Read<int>(link.ReadBody(link.Receive()))] = link;
        }

        var layers = new Slice(order.LayerBounds[order.Stage], order.LayerBounds[order.Stage + 1] - order.LayerBounds[order.Stage]);
        return new ShardPlacement(new Shard(order.Tensor, tensor), new PipelineStage(order.Stage, stages, layers), Group(tensorPeers), Group(pipelinePeers));

        ICommunicator Group(int[] members) => members.Length == 1
            ? SingleRank.Instance
            : new StreamCommunicator(Array.IndexOf(members, me), [.. members.Select(member => order.Names[member])], [.. members.Select(member => links[member])], order.Options.GroupTimeout);
    }

    // A step may wait for a peer that never answers: it ends now, and not at the deadline of its collective.
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
                    runner.InitializeKVCache(MemoryMarshal.Read<int>(command.Body));
                    control.Send(FrameKind.Reserved, []);
                    break;
                case FrameKind.Step:
                    Compute(command.Body, runner, placement, logits);
                    break;
                default:
                    throw new InvalidDataException($"A {command.Kind} frame came, and a step was due.");
            }
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    private unsafe void Compute(ReadOnlySpan<byte> step, TorchModelRunner runner, ShardPlacement placement, NativeBuffer<float> logits)
    {
        var start = Stopwatch.GetTimestamp();
        _batch.ReadFrom(step);
        var output = runner.Execute(_batch, logits);
        _counts[0] = Stopwatch.GetTimestamp() - start;
        placement.Times.CopyTo(_counts.AsSpan(1));
        placement.Experts?.Use.Drain(_counts.AsSpan(1 + CollectiveTimes.Count));
        var rows = placement.HasLogits ? new ReadOnlySpan<byte>(logits.Pointer, checked(output.Rows * runner.Info.VocabSize * sizeof(float))) : [];
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
            // The driver is gone: there is nobody to tell.
        }
    }
}
