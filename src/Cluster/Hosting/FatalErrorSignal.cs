
namespace Grid.Cluster.Hosting;

/// <summary>Takes the place of Orleans' own handler, which ends the process at once, and its streams with it.</summary>
internal sealed class FatalErrorSignal(ILogger<FatalErrorSignal> log) : IFatalErrorHandler
{
    private readonly TaskCompletionSource<string> _raised = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with what happened.</summary>
    public Task<string> Raised => _raised.Task;

    public bool IsUnexpected(Exception exception) => exception is not ThreadAbortException and not OperationCanceledException;

    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        log.FatalError(exception, context);
        _raised.TrySetResult(context ?? exception?.Message ?? "unknown");
    }
}
