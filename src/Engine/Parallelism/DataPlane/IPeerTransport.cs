namespace Grid.Engine.Parallelism.DataPlane;

/// <summary>How shards of one rank reach each other.</summary>
public interface IPeerTransport : IDisposable
{
    /// <summary>Connects to a peer that listens.</summary>
    /// <param name="endpoint">As in the order.</param>
    /// <param name="timeout">Of the connection, and of each read on it.</param>
    Stream Connect(string endpoint, TimeSpan timeout);

    /// <summary>Waits for the next peer that connects.</summary>
    /// <param name="timeout">Of the wait, and of each read on the stream.</param>
    Stream Accept(TimeSpan timeout);
}
