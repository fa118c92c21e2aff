using System.Runtime.InteropServices;
using Grid.Abstractions;

namespace Grid.Cli.CommandLine;

/// <summary>Listens for SIGINT and SIGTERM. The first asks for an orderly end, the second ends the process at once.</summary>
internal sealed partial class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _registrations;

    public Interruption() => _registrations =
        [PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal)];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Completes with the first signal.</summary>
    public Task Requested => _requested.Task;

    /// <summary>What an orderly end after the signal returns: 0 for SIGTERM, 130 for SIGINT.</summary>
    public int ExitCode { get; private set; }

    /// <summary>Waits for a call that cannot be cancelled itself, such as a read of the console.</summary>
    public static Task<T> WaitAsync<T>(Func<T> call, CancellationToken cancellation) => Task.Run(call, cancellation).WaitAsync(cancellation);

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    /// <summary>Asks for an orderly end, as SIGTERM does.</summary>
    public void Request()
    {
        ExitCode = ExitCodes.Done;
        _requested.TrySetResult();
        _source.Cancel();
    }

    private void OnSignal(PosixSignalContext context)
    {
        var interrupted = context.Signal == PosixSignal.SIGINT;
        context.Cancel = true;
        if (_requested.Task.IsCompleted) ExitAtOnce(interrupted ? ExitCodes.Interrupted : ExitCodes.Failed);
        ExitCode = interrupted ? ExitCodes.Interrupted : ExitCodes.Done;
        _requested.TrySetResult();
        _source.Cancel();
    }

    // Without the native libraries' own cleaning up, which would crash under threads that still compute.
    [LibraryImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void ExitAtOnce(int code);
}
