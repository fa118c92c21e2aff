using static TorchSharp.torch;

namespace Grid.Engine.Parallelism.Collectives;

/// <summary>A group of one: nothing to exchange.</summary>
internal sealed class SingleRank : ICommunicator
{
    /// <summary>It has no state worth a second one.</summary>
    public static SingleRank Instance { get; } = new();

    private readonly CollectiveTimes _none = new();

    public int Rank => 0;

    public int Size => 1;

    public long Step
    {
        get => 0;
        set { }
    }

    // Shared by all, and waits for nobody.
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

    public void Send(Tensor x, int to) => throw new InvalidOperationException("A single rank has nobody to send to.");

    public void Receive(Tensor x, int from) => throw new InvalidOperationException("A single rank has nobody to receive from.");

    public void Dispose()
    {
    }
}
