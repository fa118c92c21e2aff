using StackExchange.Redis;

namespace Grid.Cluster.Hosting;

/// <summary>A silo's own row of the membership table, as the store has it.</summary>
internal sealed class MembershipRow(ClusterSettings settings)
{
    private readonly RedisKey _table = $"{settings.ServiceId}/members/{settings.ClusterId}";

    /// <summary>Whether the table knows a silo.</summary>
    /// <exception cref="RedisException">The store is unreachable.</exception>
    public Task<bool> ExistsAsync(SiloAddress silo) => settings.Store.Database.HashExistsAsync(_table, silo.ToString());
}
