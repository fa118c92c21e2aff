using Grid.Abstractions.Nodes;
using Grid.Engine.Collectives;

namespace Grid.Silo.DataPlane;

/// <summary>Measures what a node has to other nodes, and between its own devices.</summary>
/// <param name="plane">The node's data plane; null if it has none.</param>
internal sealed class NodeProbe(IReadOnlyList<DeviceFacts> devices, DataPlaneServer? plane)
{
    // Within the time limit of the grain call that asks.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Measures.</summary>
    /// <param name="endPoint">HOST:PORT of another node's data plane; null to measure between this node's devices.</param>
    public Task<LinkSpeed> RunAsync(string? endPoint) => endPoint switch
    {
        null => Task.Run(BetweenDevices),
        "" => Task.FromResult(LinkSpeed.Failed("it has no data plane")),
        _ => plane?.ProbeAsync(endPoint, Patience) ?? Task.FromResult(LinkSpeed.Failed("this node has no data plane")),
    };

    private LinkSpeed BetweenDevices()
    {
        DeviceKind[] kinds = [.. devices.Select(device => device.Id.Kind)];
        // NCCL chooses, and only its log says so.
        if (kinds.Contains(DeviceKind.Cuda)) return new LinkSpeed("NCCL", null, null, null);
        if (kinds.All(kind => kind == DeviceKind.Sim)) return new LinkSpeed("simulated", null, null, null);
        try
        {
            var (microseconds, gigabytesPerSecond) = InProcessProbe.Measure();
            return new LinkSpeed("shared memory", microseconds, gigabytesPerSecond, null);
        }
        catch (CollectiveException exception)
        {
            return LinkSpeed.Failed(exception.Message);
        }
    }
}
