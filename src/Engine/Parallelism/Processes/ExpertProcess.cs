using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Grid.Engine.Configuration;
using Grid.Engine.Parallelism.Links;
using Grid.Primitives.Ids;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.Processes;

/// <summary>One incarnation of an expert shard in a process that this one started.</summary>
internal sealed class ExpertProcess : IDisposable
{
    private readonly SocketFolder _folder = new();
    private readonly Process _process;
    private readonly FrameLink _control;
    private int _disposed;

    private ExpertProcess(EngineOptions options, int number, ILogger logger)
    {
        Process? process = null;
        try
        {
            using var driver = new UnixTransport(_folder.Driver);
            process = ShardLauncher.Start("--folder", _folder.Path, "--expert");
            logger.ExpertStarted(ExpertShardId.NameOf(number), process.Id);
            _process = process;
            _control = ShardLauncher.Accept(driver, ExpertShardId.NameOf(number));
            var assignment = new ExpertAssignment(options, number, Endpoint);
            _control.Send(FrameKind.Assign, JsonSerializer.SerializeToUtf8Bytes(assignment));
        }
        catch
        {
            if (process is not null) ShardLauncher.End(process);
            _folder.Dispose();
            throw;
        }
    }

    /// <summary>Where ranks reach it. No other incarnation has the same endpoint.</summary>
    public string Endpoint => _folder.Of(0);

    /// <summary>The process, for errors.</summary>
    public string Name => $"process {_process.Id}";

    /// <summary>Starts the process and returns while it loads.</summary>
    /// <exception cref="IOException">The process cannot be started.</exception>
    /// <exception cref="ModelLoadException">There is no command to start.</exception>
    public static ExpertProcess Start(EngineOptions options, int number, ILogger logger) => new(options, number, logger);

    /// <summary>Waits until the shard is loaded and serves.</summary>
    /// <exception cref="ModelLoadException">The shard cannot be loaded.</exception>
    public void WaitUntilLoaded()
    {
        try
        {
            var header = _control.Receive();
            if (header.Kind == FrameKind.Failed)
                throw new ModelLoadException($"{Name}: {Encoding.UTF8.GetString(_control.ReadBody(header))}");
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            throw new ModelLoadException($"{Name} ended while it was loading an expert shard.", ModelLoadFault.Broken, exception);
        }
    }

    /// <summary>Waits until the process has ended, by itself or by <see cref="Dispose"/>.</summary>
    public void WaitUntilGone()
    {
        try
        {
            _control.Receive();
        }
        catch (Exception)
        {
            // The link is closed.
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        _control.Dispose();
        ShardLauncher.WaitForExit(_process);
        _folder.Dispose();
    }
}
