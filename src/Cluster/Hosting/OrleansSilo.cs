using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Grid.Cluster.Hosting;

/// <summary>
/// A node's membership. The Orleans host inside may be stopped and started again without the process noticing more than a changed client:
/// when the store was lost with this silo's row. A silo that the others declared dead ends for good.
/// </summary>
public sealed class OrleansSilo : IGridConnection, IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RestartAfter = TimeSpan.FromSeconds(1);

    private readonly ClusterSettings _settings;
    private readonly OrleansSiloOptions _options;
    private readonly MembershipRow _row;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource<SiloEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IHost? _host;
    private Task _supervision = Task.CompletedTask;

    private OrleansSilo(ClusterSettings settings, OrleansSiloOptions options, ILoggerFactory logs)
    {
        (_settings, _options, _row) = (settings, options, new MembershipRow(settings));
        _log = logs.CreateLogger<OrleansSilo>();
    }

    /// <inheritdoc/>
    public IClusterClient? Client { get; private set; }

    /// <inheritdoc/>
    public event Action? Changed;

    /// <summary>Orleans' address of the silo in its parsable form; another after each restart of the Orleans host.</summary>
    public string? SiloAddress { get; private set; }

    /// <summary>Completes when this silo is no member any more and will not be again.</summary>
    public Task<SiloEnd> Ended => _ended.Task;

    internal IServiceProvider Services => _host!.Services;

    /// <summary>Starts the Orleans host and becomes a member.</summary>
    public static async Task<OrleansSilo> StartAsync(ClusterSettings settings, OrleansSiloOptions options, ILoggerFactory logs,
        CancellationToken cancellation)
    {
        var silo = new OrleansSilo(settings, options, logs);
        await silo.StartHostAsync(cancellation);
        silo._supervision = silo.SuperviseAsync();
        return silo;
    }

    /// <summary>Leaves in order.</summary>
    public async Task StopAsync()
    {
        if (_end.IsCancellationRequested) return;
        await _end.CancelAsync();
        await _supervision;
        await StopHostAsync(StopTimeout);
        _ended.TrySetResult(SiloEnd.Stopped);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _end.Dispose();
    }

    private async Task StartHostAsync(CancellationToken cancellation)
    {
        _host = OrleansHost.BuildSilo(_settings, _options);
        await _host.StartAsync(cancellation);
        SiloAddress = _host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString();
        SetClient(_host.Services.GetRequiredService<IClusterClient>());
    }

    private async Task StopHostAsync(TimeSpan timeout)
    {
        SetClient(null);
        if (Interlocked.Exchange(ref _host, null) is not { } host) return;
        try
        {
            using var limit = new CancellationTokenSource(timeout, _settings.Time);
            // Orleans continues for a minute or more if it cannot write its farewell.
            await host.StopAsync(limit.Token).WaitAsync(timeout + StopTimeout, _settings.Time);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            _log.HostStoppedWithFault(fault.Message);
        }

        host.Dispose();
    }

    private async Task SuperviseAsync()
    {
        try
        {
            while (await WaitUntilForgottenAsync()) await RestartAsync();
            _log.DeclaredDead();
            SetClient(null);
            _ended.TrySetResult(SiloEnd.DeclaredDead);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // Stopped on purpose.
        }
        catch (Exception fault)
        {
            // Nobody would look after the silo any more.
            _log.SupervisorFailed(fault);
            _ended.TrySetResult(SiloEnd.Failed);
        }
    }

    /// <summary>
    /// Waits until the Orleans host cannot continue: true if the table forgot the silo, false if it says that it is dead.
    /// </summary>
    private async Task<bool> WaitUntilForgottenAsync()
    {
        var services = _host!.Services;
        var fatal = services.GetRequiredService<FatalErrorSignal>().Raised;
        var address = services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        using var timer = new PeriodicTimer(Store.StoreWatch.Period, _settings.Time);
        while (true)
        {
            var tick = timer.WaitForNextTickAsync(_end.Token).AsTask();
            await Task.WhenAny(fatal, tick);
            if (await ExistsAsync(address) is not { } exists)
            {
                // Without the store that is unknown, and what runs continues.
                await tick;
                continue;
            }

            if (!exists) return true;
            if (fatal.IsCompleted) return false;
            await tick;
        }
    }

    private async Task<bool?> ExistsAsync(SiloAddress address)
    {
        try
        {
            return await _row.ExistsAsync(address);
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException)
        {
            return null;
        }
    }

    private async Task RestartAsync()
    {
        _log.MembershipLost();
        while (true)
        {
            try
            {
                // Into a table that is not there the old host could not write that it goes.
                if (_host is { } old)
                    await old.Services.GetRequiredService<IMembershipTable>()
                        .InitializeMembershipTableAsync(tryInitTableVersion: true, _end.Token);
                await StopHostAsync(TimeSpan.Zero);
                await StartHostAsync(_end.Token);
                _log.Rejoined(SiloAddress!);
                return;
            }
            catch (Exception fault) when (!_end.IsCancellationRequested && fault is not OutOfMemoryException)
            {
                _log.HostNotStarted(fault.Message, RestartAfter.TotalSeconds);
                await Task.Delay(RestartAfter, _settings.Time, _end.Token);
            }
        }
    }

    private void SetClient(IClusterClient? client)
    {
        if (ReferenceEquals(Client, client)) return;
        Client = client;
        foreach (var handler in Changed?.GetInvocationList().Cast<Action>() ?? [])
        {
            try
            {
                handler();
            }
            catch (Exception fault)
            {
                // The others are to hear of it, and the supervisor is to go on.
                _log.ChangeNotTaken(fault);
            }
        }
    }
}
