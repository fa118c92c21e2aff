using Grid.Abstractions.Replicas;
using Grid.Grains.Shards;

namespace Grid.Grains.Replicas;

/// <summary>Sends what a replica's lifecycle asks for to the shards' grains.</summary>
internal sealed class ReplicaDriver(IGrainFactory grains, TimeProvider timeProvider)
{
    // A silo that has ended and is not declared dead yet does not answer; its shards are asked again later.
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(1);

    private readonly ReplicaLifecycle _lifecycle = new();

    /// <summary>Passes a directive on and waits for the shards that are asked now.</summary>
    public async Task<ReplicaStatus> ApplyAsync(ReplicaDirective directive)
    {
        await Task.WhenAll(_lifecycle.Apply(directive, timeProvider.GetUtcNow()).Select(SendAsync));
        return _lifecycle.Status()!;
    }

    private async Task SendAsync(ShardDirective directive)
    {
        try
        {
            _lifecycle.Answer(directive, await grains.GetShard(directive).Apply(directive).WaitAsync(AnswerTimeout, timeProvider));
        }
        catch (Exception e)
        {
            _lifecycle.Refuse(directive, e.Message, timeProvider.GetUtcNow());
        }
    }
}
