namespace Grid.Gateway.Forwarding;

/// <summary>The client has disconnected, or reads too slowly to be waited for: nothing is known of the rank.</summary>
internal sealed class ClientGoneException(string message) : Exception(message);
