namespace Grid.Silo.Ranks;

/// <summary>One request in flight; counted until it is disposed.</summary>
/// <param name="owner">Counts it.</param>
/// <param name="cut">Cancelled when it is to end.</param>
internal sealed class RunningRequest(RunningRequests owner, CancellationToken cut) : IDisposable
{
    /// <summary>Cancelled when the request is to end and go on elsewhere.</summary>
    public CancellationToken Cut { get; } = cut;

    /// <summary>Why.</summary>
    public HandOverReason CutReason => owner.CutReason;

    public void Dispose() => owner.Leave();
}
