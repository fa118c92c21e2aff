using static TorchSharp.torch;

namespace Grid.Engine.Collectives;

/// <summary>A group of one member, which has nothing to exchange.</summary>
internal sealed class SoloCommunicator : ICommunicator
{
    /// <summary>The only instance: it has no state.</summary>
    public static SoloCommunicator Instance { get; } = new();

    private readonly CollectiveTimes _none = new();

    public int Index => 0;

    public int Size => 1;

    public long Step
    {
        get => 0;
        set { }
    }

    // Shared by all, and never waits.
    public CollectiveTimes Times
    {
        get => _none;
        set { }
    }

    public void AllReduce(Tensor x)
    {
    }

    public Tensor AllGather(Tensor x) => x.alias();

    public void Broadcast(Tensor x, int root)
    {
    }

    public void Send(Tensor x, int to) =>
        throw new InvalidOperationException("A group must have at least 2 members to send; got 1.");

    public void Receive(Tensor x, int from) =>
        throw new InvalidOperationException("A group must have at least 2 members to receive; got 1.");

    // The instance is shared: there is nothing to release.
    public void Dispose()
    {
    }
}
