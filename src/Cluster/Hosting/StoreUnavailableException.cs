namespace Grid.Cluster.Hosting;

/// <summary>The grains cannot be reached now: the store is unreachable, or the Orleans host restarts.</summary>
internal sealed class StoreUnavailableException()
    : Exception("The grid's store cannot be reached; running models keep serving, and changes are possible again once it is back.");
