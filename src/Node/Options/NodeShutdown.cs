using Grid.Abstractions;

namespace Grid.Node.Options;

/// <summary>The one request to end a process in order, by a signal or by the admin API.</summary>
public sealed class NodeShutdown : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Cancelled by the request.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Completes with the request.</summary>
    public Task Requested => _requested.Task;

    /// <summary>What the process returns after an orderly end.</summary>
    public int ExitCode { get; private set; }

    /// <summary>Asks for an orderly end.</summary>
    /// <param name="exitCode">What the process returns when nothing was cut.</param>
    public void Request(int exitCode = ExitCodes.Done)
    {
        ExitCode = exitCode;
        _requested.TrySetResult();
        _source.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();
}
