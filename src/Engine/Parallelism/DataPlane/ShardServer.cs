using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Grid.Engine.Execution;
using Grid.Engine.Kernels;
using Grid.Engine.Layers;
using Grid.Engine.Parallelism.Collectives;

namespace Grid.Engine.Parallelism.DataPlane;

/// <summary>A shard's side in its own process: takes its order, joins its peers, and computes what the driver sends until it is gone.</summary>
/// <param name="control">To the driver.</param>
/// <param name="transport">To the peers.</param>
/// <param name="epoch">Of the plan.</param>
/// <param name="load">Reads the shard's weights.</param>
/// <param name="loaded">Told when they are there.</param>
internal sealed class ShardServer(FrameLink control, IPeerTransport transport, long epoch, Func<ShardOrder, ShardPlacement, TorchModelRunner> load, Action? loaded)
{
    private readonly StepBatch _batch = new();
    private byte[] _body = [];

    /// <summary>Serves on the calling thread, which loads and uses the model.</summary>
    public void Run()
    {
        var header = control.Receive();
        if (header.Kind != FrameKind.Order) throw new InvalidDataException($"A {header.Kind} frame came, and the order was due.");
        var order = JsonSerializer.Deserialize<ShardOrder>(control.ReadBody(header))!;
        ShardPlacement placement;
        TorchModelRunner runner;
        try
        {
            placement = Join(order);
            runner = load(order, placement);
        }
        catch (Exception exception)
        {
            Fail(exception);
            return;
        }

        using var logits = new NativeBuffer<float>();
        using (placement.TensorGroup)
        using (placement.PipelineGroup)
        using (runner)
        {
            control.Send(FrameKind.Loaded, JsonSerializer.SerializeToUtf8Bytes(runner.Info));
            loaded?.Invoke();
            try
            {
                while (true) Serve(runner, placement, logits);
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                // The driver is gone, or has no more use for this shard.
            }
        }
    }

    private ShardPlacement Join(ShardOrder order)
    {
        int tensor = order.Options.TensorParallelSize, stages = order.Options.PipelineParallelSize, me = order.Stage * tensor + order.Tensor;
        int[] tensorPeers = [.. Enumerable.Range(0, tensor).Select(tp => order.Stage * tensor + tp)];
        int[] pipelinePeers = [.. Enumerable.Range(0, stages).Select(pp => pp * tensor + order.Tensor)];
        var links = new FrameLink?[tensor * stages];
        var peers = tensorPeers.Union(pipelinePeers).Where(peer => peer != me).ToList();

        // The higher one dials, so that every pair has one link.
        foreach (var peer in peers.Where(peer => peer < me))
        {
            links[peer] = new FrameLink(transport.Connect(order.Endpoints[peer], order.Options.CollectiveTimeout), epoch, order.Names[peer]);
            links[peer]!.Send(FrameKind.Hello, MemoryMarshal.AsBytes<int>([me]));
        }

        foreach (var _ in peers.Where(peer => peer > me))
        {
            var link = new FrameLink(transport.Accept(order.Options.CollectiveTimeout), epoch, "a peer");
            links[MemoryMarshal.Read<int>(link.ReadBody(link.Receive()))] = link;
        }

        var layers = new Slice(order.LayerBounds[order.Stage], order.LayerBounds[order.Stage + 1] - order.LayerBounds[order.Stage]);
        return new ShardPlacement(new Shard(order.Tensor, tensor), new PipelineStage(order.Stage, stages, layers), Group(tensorPeers), Group(pipelinePeers));

        ICommunicator Group(int[] members) => members.Length == 1
            ? SingleRank.Instance
            : new StreamCommunicator(Array.IndexOf(members, me), [.. members.Select(member => order.Names[member])], [.. members.Select(member => links[member])], order.Options.CollectiveTimeout);
    }

    private void Serve(TorchModelRunner runner, ShardPlacement placement, NativeBuffer<float> logits)
    {
        var header = control.Receive();
        if (_body.Length < header.Length) _body = new byte[header.Length];
        control.ReadBody(_body.AsSpan(0, header.Length));
        try
        {
            switch (header.Kind)
            {
                case FrameKind.Reserve:
                    runner.InitializeKVCache(MemoryMarshal.Read<int>(_body));
                    control.Send(FrameKind.Reserved, []);
                    break;
                case FrameKind.Step:
                    Compute(runner, placement, logits, header.Length);
                    break;
                default:
                    throw new InvalidDataException($"A {header.Kind} frame came, and a step was due.");
            }
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    private unsafe void Compute(TorchModelRunner runner, ShardPlacement placement, NativeBuffer<float> logits, int length)
    {
        var start = Stopwatch.GetTimestamp();
        _batch.ReadFrom(_body.AsSpan(0, length));
        var output = runner.Execute(_batch, logits);
        Span<long> times = stackalloc long[1 + CollectiveTimes.Count];
        times[0] = Stopwatch.GetTimestamp() - start;
        placement.Times.CopyTo(times[1..]);
        var rows = placement.HasLogits ? new ReadOnlySpan<byte>(logits.Pointer, checked(output.Rows * runner.Info.VocabSize * sizeof(float))) : [];
        control.Send(FrameKind.Done, MemoryMarshal.AsBytes(times), rows);
    }

    private void Fail(Exception exception) => control.Send(FrameKind.Failed, Encoding.UTF8.GetBytes(exception.Message));
}
