using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Grid.Engine.Parallelism.DataPlane;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.Experts.Processes;

/// <summary>One incarnation of an expert shard as a process that this one started.</summary>
internal sealed class ExpertProcess : IDisposable
{
    private readonly ShardFolder _folder = new();
    private readonly Process _process;
    private readonly FrameLink _control;
    private int _disposed;

    private ExpertProcess(EngineOptions options, int number, ILogger logger)
    {
        Process? process = null;
        try
        {
            using var driver = new UnixTransport(_folder.Driver);
            process = ShardCommand.Start("--folder", _folder.Path, "--expert");
            logger.LogInformation("Expert shard {Expert} is process {Pid}", ExpertPlacement.NameOf(number), process.Id);
            _process = process;
            _control = ShardCommand.Accept(driver, ExpertPlacement.NameOf(number));
            _control.Send(FrameKind.Order, JsonSerializer.SerializeToUtf8Bytes(new ExpertOrder(options, number, Endpoint)));
        }
        catch
        {
            if (process is not null) ShardCommand.End(process);
            _folder.Dispose();
            throw;
        }
    }

    /// <summary>Where ranks reach it; no other incarnation has the same.</summary>
    public string Endpoint => _folder.Of(0);

    /// <summary>For errors.</summary>
    public string Name => $"process {_process.Id}";

    /// <summary>Starts it; it loads while this returns.</summary>
    /// <exception cref="IOException">It cannot be started.</exception>
    /// <exception cref="ModelLoadException">There is no command to start.</exception>
    public static ExpertProcess Start(EngineOptions options, int number, ILogger logger) => new(options, number, logger);

    /// <summary>Waits until it serves.</summary>
    /// <exception cref="ModelLoadException">It cannot be loaded.</exception>
    public void WaitUntilLoaded()
    {
        try
        {
            var header = _control.Receive();
            if (header.Kind == FrameKind.Failed) throw new ModelLoadException($"{Name}: {Encoding.UTF8.GetString(_control.ReadBody(header))}");
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            throw new ModelLoadException($"{Name} ended while it loaded an expert shard.", ModelLoadFault.Broken, exception);
        }
    }

    /// <summary>Waits until it has ended, by itself or with <see cref="Dispose"/>.</summary>
    public void WaitUntilGone()
    {
        try
        {
            _control.Receive();
        }
        catch (Exception)
        {
            // It says no more.
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        _control.Dispose();
        ShardCommand.WaitForExit(_process);
        _folder.Dispose();
    }
}
