using Grid.Abstractions.Grains;
using Grid.Abstractions.Replicas;
using Grid.Grains.Shards;
using Orleans.Placement;

namespace Grid.Grains.Replicas;

/// <inheritdoc cref="IReplicaGrain"/>
/// <remarks>
/// It is activated where the grid's controller is, so that whatever takes it away takes the controller too. The next activation asks every
/// shard again.
/// </remarks>
[PreferLocalPlacement]
internal sealed class ReplicaGrain(TimeProvider timeProvider) : Grain, IReplicaGrain
{
    // A silo that has ended and is not declared dead yet does not answer; its shards are asked again later.
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(1);

    private readonly ReplicaLifecycle _lifecycle = new();

    /// <inheritdoc/>
    public async Task<ReplicaStatus> Apply(ReplicaDirective directive)
    {
        await Task.WhenAll(_lifecycle.Apply(directive, timeProvider.GetUtcNow()).Select(SendAsync));
        return _lifecycle.Status()!;
    }

    private async Task SendAsync(ShardDirective directive)
    {
        try
        {
            var shard = GrainFactory.GetShard(directive);
            _lifecycle.Answer(directive, await shard.Apply(directive).WaitAsync(AnswerTimeout, timeProvider));
        }
        catch (Exception e)
        {
            _lifecycle.Refuse(directive, e.Message, timeProvider.GetUtcNow());
        }
    }
}
