using StackExchange.Redis;

namespace Grid.Cluster.Store;

/// <summary>The grid's state must survive a restart of the store.</summary>
public static class RedisDurability
{
    /// <summary>Refuses a Redis that keeps no append-only file.</summary>
    /// <exception cref="StoreException">It has no persistence, or does not say.</exception>
    public static async Task RequireAsync(StoreConnection store, bool allowVolatile)
    {
        if (allowVolatile) return;
        const string Remedy = "or give --allow-volatile-store and lose the grid's state when the store restarts";
        try
        {
            var answer = await store.Database.ExecuteAsync("CONFIG", "GET", "appendonly");
            var setting = answer.Length >= 2 ? (string?)answer[1] : null;
            if (setting == "yes") return;
            throw new StoreException(
                $"The store at {store.Access.Address} must be persistent: appendonly must be yes; got "
                + $"{setting ?? "no answer"}. Start Redis with --appendonly yes (CONFIG SET appendonly yes), {Remedy}.", wrongUsage: true);
        }
        catch (RedisServerException fault)
        {
            throw new StoreException(
                $"The store at {store.Access.Address} does not report whether it keeps an append-only file ({fault.Message}). Allow CONFIG "
                + $"GET, {Remedy}.", wrongUsage: true, fault);
        }
    }
}
