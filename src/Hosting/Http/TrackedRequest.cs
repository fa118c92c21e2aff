namespace Grid.Hosting.Http;

/// <summary>A request in flight; counted by its <see cref="RequestTracker"/> until it is disposed.</summary>
public sealed class TrackedRequest : IDisposable
{
    private readonly RequestTracker _owner;

    internal TrackedRequest(RequestTracker owner, CancellationToken cut) => (_owner, Cut) = (owner, cut);

    /// <summary>Cancelled when the request must end now.</summary>
    public CancellationToken Cut { get; }

    /// <summary>The reason of the last cut; null before the first.</summary>
    public string? CutReason => _owner.CutReason;

    /// <inheritdoc/>
    public void Dispose() => _owner.Leave();
}
