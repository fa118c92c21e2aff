using Grid.Gateway.Ranks;
using Grid.Gateway.Routing;

namespace Grid.Gateway.Admission;

/// <summary>A request that waits for a rank.</summary>
internal sealed class WaitingRequest(WaitingRoom room, RouteQuery query)
{
    private readonly TaskCompletionSource<SelectedDestinations> _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RouteQuery Query { get; } = query;

    public Task<SelectedDestinations> Admitted => _admitted.Task;

    /// <summary>Sends the request to one of these; false if it has ended.</summary>
    public bool TryAdmit(SelectedDestinations destinations) => _admitted.TrySetResult(destinations);

    public void Fail(Exception exception) => _admitted.TrySetException(exception);

    /// <summary>Gives up; false where it was admitted just before.</summary>
    public bool TryGiveUp() => _admitted.TrySetCanceled();

    /// <summary>It counts as load of its rank, or has ended: the next one may be admitted.</summary>
    public void Settle() => room.Settle(this);
}
