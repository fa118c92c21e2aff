namespace Grid.Engine.Parallelism.Experts.Remote;

/// <summary>An expert shard of this process in a rank's directory, without a link.</summary>
internal sealed class AttachedExpert : IDisposable
{
    private readonly ExpertShardWorker _shard;
    private readonly ExpertDirectory _directory;

    /// <summary>Adds the shard to the directory.</summary>
    /// <param name="shard">The shard, which stays with its host.</param>
    /// <param name="directory">Gets the shard, and the placements that it announces.</param>
    public AttachedExpert(ExpertShardWorker shard, ExpertDirectory directory)
    {
        (_shard, _directory) = (shard, directory);
        shard.Placed += directory.Adopt;
        directory.Join(shard, shard.Placement);
    }

    public void Dispose()
    {
        _shard.Placed -= _directory.Adopt;
        _directory.Remove(_shard);
    }
}
