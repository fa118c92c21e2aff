namespace Grid.Cluster.Hosting;

/// <summary>The grains cannot be reached now: the store is unreachable, or the Orleans host restarts.</summary>
internal sealed class StoreUnavailableException()
    : Exception("The grid's store cannot be reached; what runs goes on, and changes can be made when it is back.");
