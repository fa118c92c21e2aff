using static TorchSharp.torch;

namespace Grid.Engine.Parallelism.Collectives;

/// <summary>
/// How the ranks of one group exchange tensors. All ranks of a group make the same calls in the same order. Every call has a deadline:
/// an error names the operation, the step and the ranks that did not arrive.
/// </summary>
internal interface ICommunicator : IDisposable
{
    /// <summary>This rank, from 0.</summary>
    int Rank { get; }

    /// <summary>Ranks in the group.</summary>
    int Size { get; }

    /// <summary>The engine step that is being computed, for errors.</summary>
    long Step { get; set; }

    /// <summary>Where waits and copies are counted.</summary>
    CollectiveTimes Times { get; set; }

    /// <summary>Replaces <paramref name="x"/> by the sum over all ranks, added in float32 in the order of ranks: the same bits on each.</summary>
    /// <exception cref="CollectiveException">A rank did not arrive in time, or failed.</exception>
    void AllReduce(Tensor x);

    /// <summary>The ranks' rows side by side, in the order of ranks, new.</summary>
    /// <exception cref="CollectiveException">A rank did not arrive in time, or failed.</exception>
    Tensor AllGather(Tensor x);

    /// <summary>Overwrites <paramref name="x"/> with the root's.</summary>
    /// <exception cref="CollectiveException">A rank did not arrive in time, or failed.</exception>
    void Broadcast(Tensor x, int root);

    /// <summary>Hands a copy of <paramref name="x"/> to another rank, without waiting for it to be taken.</summary>
    /// <exception cref="CollectiveException">The other rank failed.</exception>
    void Send(Tensor x, int to);

    /// <summary>Overwrites <paramref name="x"/> with what the other rank sent next.</summary>
    /// <exception cref="CollectiveException">It did not come in time, or is of another size.</exception>
    void Receive(Tensor x, int from);
}
