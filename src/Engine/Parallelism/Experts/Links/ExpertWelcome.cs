namespace Grid.Engine.Parallelism.Experts.Links;

/// <summary>Puts an expert shard in a rank's directory.</summary>
internal static class ExpertWelcome
{
    /// <summary>Of the shard and the rank, who knows the newer placement leads the other: a shard that was placed anew holds what it held at first.</summary>
    /// <param name="directory">The rank's.</param>
    /// <param name="shard">Answers from now on.</param>
    /// <param name="placement">That it told.</param>
    public static void Give(ExpertDirectory directory, IExpertShard shard, ExpertPlacement placement)
    {
        directory.Adopt(placement);
        var known = Lead(directory, shard, placement.Version);
        directory.Replace(shard.Number, shard);
        // A move that began in between has left it out.
        Lead(directory, shard, known);
    }

    private static long Lead(ExpertDirectory directory, IExpertShard shard, long known)
    {
        var current = directory.Placement;
        if (current.Version <= known) return known;
        Observe(shard.PlaceAsync(current));
        Observe(shard.TrimAsync());
        return current.Version;
    }

    // Where it fails, its calls fail too, and tell why.
    private static void Observe(Task task) => _ = task.ContinueWith(static done => done.Exception, TaskScheduler.Default);
}
