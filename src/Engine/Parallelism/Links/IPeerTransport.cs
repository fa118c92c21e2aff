namespace Grid.Engine.Parallelism.Links;

/// <summary>How the shards of one rank reach each other.</summary>
public interface IPeerTransport : IDisposable
{
    /// <summary>Connects to a peer that listens.</summary>
    /// <param name="endpoint">The peer's address, as in the assignment.</param>
    /// <param name="timeout">The longest time that connecting, and then each read, may take.</param>
    Stream Connect(string endpoint, TimeSpan timeout);

    /// <summary>Waits for the next peer that connects.</summary>
    /// <param name="timeout">The longest time that the wait, and then each read, may take.</param>
    Stream Accept(TimeSpan timeout);
}
