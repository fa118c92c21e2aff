namespace Grid.Gateway.Forwarding;

/// <summary>How one attempt at a rank ended.</summary>
internal enum UpstreamEnd
{
    /// <summary>The answer is whole, or is an error that is the client's to know.</summary>
    Complete,

    /// <summary>Nothing was begun there: no connection, it drains, is full, or has another epoch.</summary>
    Refused,

    /// <summary>It gave the request up in order.</summary>
    HandedOver,

    /// <summary>The connection broke, or what came over it made no sense.</summary>
    Broken,

    /// <summary>No token and no keep-alive within the time.</summary>
    Stalled,
}
