namespace Grid.Cluster.Hosting;

/// <summary>Ways to get a client from a connection.</summary>
public static class GridConnectionExtensions
{
    /// <summary>The client now.</summary>
    /// <exception cref="StoreUnavailableException">There is none.</exception>
    public static IClusterClient Require(this IGridConnection connection) => connection.Client ?? throw new StoreUnavailableException();

    /// <summary>Waits until there is a client.</summary>
    public static async Task<IClusterClient> WaitAsync(this IGridConnection connection, CancellationToken cancellation)
    {
        while (true)
        {
            var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            connection.Changed += changed.SetOnce;
            try
            {
                if (connection.Client is { } client) return client;
                await changed.Task.WaitAsync(cancellation);
            }
            finally
            {
                connection.Changed -= changed.SetOnce;
            }
        }
    }

    private static void SetOnce(this TaskCompletionSource source) => source.TrySetResult();
}
