using Grid.Cluster.Joining;
using Grid.Cluster.Security;
using StackExchange.Redis;

namespace Grid.Cluster.Store;

/// <summary>
/// A process's one connection to the store, shared by all that speak to it. It connects again by itself, for as long as it lives.
/// </summary>
public sealed class StoreConnection : IAsyncDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(250);

    private static readonly string[] PasswordWords = ["WRONGPASS", "NOAUTH"];

    private StoreConnection(StoreAccess access, ConnectionMultiplexer multiplexer) => (Access, Multiplexer) = (access, multiplexer);

    /// <summary>Where the store is.</summary>
    public StoreAccess Access { get; }

    /// <summary>For libraries that take one; it stays this object's.</summary>
    public IConnectionMultiplexer Multiplexer { get; }

    /// <summary>The store's database of this grid.</summary>
    public IDatabase Database => Multiplexer.GetDatabase();

    /// <summary>Connects.</summary>
    /// <param name="access">The address and password of the store.</param>
    /// <param name="tls">This node's TLS for the grid's embedded store; null for none.</param>
    /// <param name="patience">How long a store that does not answer is tried.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="StoreException">It does not answer, or refuses the password.</exception>
    public static async Task<StoreConnection> OpenAsync(StoreAccess access, NodeTls? tls, TimeSpan patience, ILoggerFactory logs,
        CancellationToken cancellation)
    {
        var options = Options(access, tls);
        var multiplexer = await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(cancellation);
        var connection = new StoreConnection(access, multiplexer);
        try
        {
            await connection.WaitAsync(patience, cancellation);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        var log = logs.CreateLogger<StoreConnection>();
        multiplexer.ConnectionFailed += (_, fault) => log.StoreConnectionLost(access.Address, fault.FailureType);
        multiplexer.ConnectionRestored += (_, _) => log.StoreConnectionRestored(access.Address);
        return connection;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Multiplexer.DisposeAsync();

    private static ConfigurationOptions Options(StoreAccess access, NodeTls? tls)
    {
        var options = new ConfigurationOptions
        {
            AbortOnConnectFail = false,
            AllowAdmin = true,
            ConnectTimeout = (int)ConnectTimeout.TotalMilliseconds,
            AsyncTimeout = (int)CallTimeout.TotalMilliseconds,
            SyncTimeout = (int)CallTimeout.TotalMilliseconds,
            ConnectRetry = 1,
            ReconnectRetryPolicy = new LinearRetry((int)RetryAfter.TotalMilliseconds),
            ClientName = "grid",
            Password = access.Password,
            DefaultDatabase = access.Database,
            Ssl = access.Tls == "server",
        };
        options.EndPoints.Add(access.Address);
        return access.Tls == "node"
            ? options.UseNodeTls(
            tls ?? throw new ArgumentNullException(nameof(tls), $"The store at {access.Address} demands a node's certificate."))
            : options;
    }

    private async Task WaitAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var refusal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Multiplexer.ConnectionFailed += Look;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(patience);
        try
        {
            while (!await AnswersAsync(refusal, end.Token))
            {
                cancellation.ThrowIfCancellationRequested();
                if (refusal.Task.IsCompleted)
                    throw new StoreException(
                        $"The store at {Access.Address} refuses the password that it was given (--store {StoreUrl.Rule}).",
                        wrongUsage: true);
                if (end.IsCancellationRequested)
                    throw new StoreException($"The store at {Access.Address} did not answer within {patience.TotalSeconds:0} s.");
                await Task.Delay(RetryAfter, CancellationToken.None);
            }
        }
        finally
        {
            Multiplexer.ConnectionFailed -= Look;
        }

        void Look(object? sender, ConnectionFailedEventArgs fault)
        {
            if (RefusesPassword(fault)) refusal.TrySetResult();
        }
    }

    private async Task<bool> AnswersAsync(TaskCompletionSource refusal, CancellationToken end)
    {
        var refused = refusal.Task;
        var answer = Database.PingAsync();
        try
        {
            await Task.WhenAny(answer, refused).WaitAsync(end);
            return !refused.IsCompleted && await answer > TimeSpan.Zero;
        }
        catch (RedisServerException fault)
        {
            throw new StoreException($"The store at {Access.Address} refuses this process: {fault.Message}", wrongUsage: true, fault);
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException or OperationCanceledException)
        {
            if (RefusesPassword(fault.ToString())) refusal.TrySetResult();
            return false;
        }
    }

    // The event comes once, and perhaps before there is a listener; each failed call reports what the last connection
    // failed with. With TLS that may be the handshake.
    private bool RefusesPassword(string fault) =>
        NamesPassword(fault)
        || (Access.Tls == "none" && fault.Contains(nameof(ConnectionFailureType.AuthenticationFailure), StringComparison.Ordinal));

    private static bool RefusesPassword(ConnectionFailedEventArgs fault) =>
        fault.FailureType == ConnectionFailureType.AuthenticationFailure
        || NamesPassword(fault.Exception?.ToString() ?? "");

    private static bool NamesPassword(string fault) => PasswordWords.Any(word => fault.Contains(word, StringComparison.Ordinal));
}
