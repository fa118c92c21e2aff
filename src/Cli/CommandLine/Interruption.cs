using System.Runtime.InteropServices;
using Grid.Abstractions;
using Grid.Node.Options;

namespace Grid.Cli.CommandLine;

/// <summary>Listens for SIGINT and SIGTERM. The first asks for an orderly end, the second ends the process at once.</summary>
internal sealed partial class Interruption : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;

    public Interruption() => _registrations =
        [PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal)];

    /// <summary>The request for an orderly end; its exit code is 0 after SIGTERM and 130 after SIGINT.</summary>
    public NodeShutdown Shutdown { get; } = new();

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => Shutdown.Token;

    /// <summary>Waits for a call that cannot be cancelled itself, such as a read of the console.</summary>
    public static Task<T> WaitAsync<T>(Func<T> call, CancellationToken cancellation) =>
        Task.Run(call, cancellation).WaitAsync(cancellation);

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        Shutdown.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        var interrupted = context.Signal == PosixSignal.SIGINT;
        context.Cancel = true;
        if (Shutdown.Requested.IsCompleted) ExitAtOnce(interrupted ? ExitCodes.Interrupted : ExitCodes.Failed);
        Shutdown.Request(interrupted ? ExitCodes.Interrupted : ExitCodes.Done);
    }

    // Without the native libraries' own cleaning up, which would crash under threads that still compute.
    [LibraryImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void ExitAtOnce(int code);
}
