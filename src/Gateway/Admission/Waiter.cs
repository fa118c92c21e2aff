using Grid.Gateway.Routing;

namespace Grid.Gateway.Admission;

/// <summary>A request that waits for a rank.</summary>
internal sealed class Waiter(RouteQuery query)
{
    private readonly TaskCompletionSource<Dispatch> _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RouteQuery Query { get; } = query;

    public Task<Dispatch> Admitted => _admitted.Task;

    /// <summary>Hands a rank over; false where the request has gone.</summary>
    public bool TryAdmit(Dispatch dispatch) => _admitted.TrySetResult(dispatch);

    public void Fail(Exception exception) => _admitted.TrySetException(exception);

    /// <summary>Gives up; false where a rank was handed over just before.</summary>
    public bool TryGiveUp() => _admitted.TrySetCanceled();
}
