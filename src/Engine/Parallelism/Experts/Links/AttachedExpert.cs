namespace Grid.Engine.Parallelism.Experts.Links;

/// <summary>An expert shard of this process in a rank's directory, without a link.</summary>
internal sealed class AttachedExpert : IDisposable
{
    private readonly ExpertShardWorker _shard;
    private readonly ExpertDirectory _directory;

    /// <param name="shard">Stays with its host.</param>
    /// <param name="directory">Learns of the shard, and of the placements that it is told.</param>
    public AttachedExpert(ExpertShardWorker shard, ExpertDirectory directory)
    {
        (_shard, _directory) = (shard, directory);
        shard.Placed += directory.Adopt;
        ExpertWelcome.Give(directory, shard, shard.Placement);
    }

    public void Dispose()
    {
        _shard.Placed -= _directory.Adopt;
        _directory.Remove(_shard);
    }
}
