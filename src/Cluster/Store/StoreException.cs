namespace Grid.Cluster.Store;

/// <summary>The store cannot be used.</summary>
/// <param name="message">What is wrong, and what to do about it.</param>
/// <param name="wrongUsage">Whether the command line or the store's settings are at fault, and not its reachability.</param>
public sealed class StoreException(string message, bool wrongUsage = false, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether trying again cannot help.</summary>
    public bool WrongUsage { get; } = wrongUsage;
}
