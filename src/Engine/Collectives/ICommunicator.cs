using static TorchSharp.torch;

namespace Grid.Engine.Collectives;

/// <summary>
/// One member's end of a group of shards that exchange tensors. All members make the same calls in the same order. Every call has a
/// deadline; an error names the operation, the step and the members that did not arrive.
/// </summary>
internal interface ICommunicator : IDisposable
{
    /// <summary>This member's index in the group.</summary>
    int Index { get; }

    /// <summary>The number of members.</summary>
    int Size { get; }

    /// <summary>The engine step that is being computed, for errors.</summary>
    long Step { get; set; }

    /// <summary>Where waits and copies are counted.</summary>
    CollectiveTimes Times { get; set; }

    /// <summary>
    /// Replaces <paramref name="x"/> by the sum over all members, added in float32 in the order of their indexes: the same bits on each.
    /// </summary>
    /// <exception cref="CollectiveException">A member did not arrive in time, or failed.</exception>
    void AllReduce(Tensor x);

    /// <summary>Returns a new tensor with the members' rows side by side, in the order of their indexes.</summary>
    /// <exception cref="CollectiveException">A member did not arrive in time, or failed.</exception>
    Tensor AllGather(Tensor x);

    /// <summary>Overwrites <paramref name="x"/> with the tensor of the member whose index is <paramref name="root"/>.</summary>
    /// <exception cref="CollectiveException">A member did not arrive in time, or failed.</exception>
    void Broadcast(Tensor x, int root);

    /// <summary>Hands a copy of <paramref name="x"/> to another member, without waiting until it is taken.</summary>
    /// <exception cref="CollectiveException">The other member failed.</exception>
    void Send(Tensor x, int to);

    /// <summary>Overwrites <paramref name="x"/> with what the other member sent next.</summary>
    /// <exception cref="CollectiveException">Nothing came in time, or a tensor of another size.</exception>
    void Receive(Tensor x, int from);
}
