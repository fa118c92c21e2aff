namespace Grid.Gateway.Ranks;

/// <summary>How one attempt of a request at one rank ended.</summary>
internal enum AttemptResult
{
    /// <summary>The response is complete, or is an error of the client's making.</summary>
    Complete,

    /// <summary>The rank answered with a server error, which is the client's response.</summary>
    Failed,

    /// <summary>The rank did not begin: there was no connection, or it is draining, full, or has another epoch.</summary>
    Refused,

    /// <summary>The rank has no room for the request now (429), and for others it may have.</summary>
    Full,

    /// <summary>The rank gave the request up in order, because it is being drained or its engine failed.</summary>
    HandedOver,

    /// <summary>An earlier attempt, whose rank was suspected, leads again: nothing is known of this one's rank.</summary>
    Superseded,

    /// <summary>The client has gone: nothing is known of the rank.</summary>
    ClientGone,

    /// <summary>The connection broke, or what came over it was malformed.</summary>
    Broken,

    /// <summary>The rank's process sent nothing for too long, or its engine made no progress; the attempt may run on.</summary>
    Stalled,
}
