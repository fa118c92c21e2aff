using Grid.Abstractions.Grains;
using Grid.Abstractions.Replicas;
using Grid.Grains.Shards;

namespace Grid.Grains.Replicas;

/// <inheritdoc cref="IReplicaGrain"/>
internal sealed class ReplicaGrain(TimeProvider timeProvider) : Grain, IReplicaGrain
{
    // A silo that is gone and not declared dead yet answers nobody; its shards are asked again later.
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
            _lifecycle.Answer(directive, await GrainFactory.GetShard(directive).Apply(directive).WaitAsync(AnswerTimeout, timeProvider));
        }
        catch (Exception e)
        {
            _lifecycle.Refuse(directive, e.Message, timeProvider.GetUtcNow());
        }
    }
}
