using Grid.Abstractions.Replicas;

namespace Grid.Abstractions.Grains;

/// <summary>
/// One shard at one epoch on one node, keyed <c>smollm2/r0@7/dp0/pp1/tp0@node-a</c>: it owns the shard's incarnation there: it
/// knows which copy is the newest, and an older one may only stop.
/// </summary>
[Alias("grid.IShardGrain")]
public interface IShardGrain : IGrainWithStringKey
{
    /// <summary>Records the intent with the ShardHost and returns at once; progress comes with the node's reports.</summary>
    /// <returns>What the node holds of it now. Null after Stop: nothing, and an older directive that comes late cannot bring it
    /// back.</returns>
    [Alias("Apply")]
    Task<ShardStatus?> Apply(ShardDirective directive);
}
